import type { Embedding } from "../../nn/embedding.js";
import { anything, checkOptions, type OptionTable, text } from "../../options.js";
import { show } from "../../show.js";
import { writableFloats } from "../../tensor/tensor.js";
import { EOS, type Vocabulary } from "./vocabulary.js";
import { JOINER } from "./wordTokenizer.js";

/** Vectors of words, as word2vec, GloVe and fastText write them. */
export interface WordVectors {
  /** How many numbers each has. */
  readonly size: number;
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

export interface ReadEmbeddingsOptions {
  /** The file's name, for errors. Default: "embeddings". */
  readonly file?: string;
  /** Whose words alone are kept, so that a file of any size takes no more room than they do. Default: all. */
  readonly vocabulary?: Vocabulary;
}

const OPTIONS: OptionTable<ReadEmbeddingsOptions> = { file: text(), vocabulary: anything() };

/**
 * Reads word vectors from lines of text: a word and its numbers, between spaces, all of one length; before them, as word2vec
 * has it, perhaps a line of two integers, how many words there are and how many numbers each has. A word that comes again
 * counts as it first came. Throws `Error` that names the line, and what came, on anything else.
 *
 * @example
 * const { size, vectors } = await readEmbeddings(streamLines("glove.6B.100d.txt"));
 * vectors.get("dog"); // Float32Array of 100 numbers
 */
export async function readEmbeddings(
  lines: Iterable<string> | AsyncIterable<string>,
  options: ReadEmbeddingsOptions = {},
): Promise<WordVectors> {
  checkOptions("readEmbeddings", OPTIONS, options);
  if (typeof lines === "string") throw new TypeError(`readEmbeddings: expected lines of text, got ${show(lines)}`);
  const { file = "embeddings", vocabulary } = options;
  const wanted = vocabulary && new Set(wordsOf(vocabulary).flatMap(([, spellings]) => spellings));
  const vectors = new Map<string, Float32Array>();
  let [line, words] = [0, 0];
  let header: { readonly count: number; readonly size: number } | null = null;
  let size = 0;
  for await (const each of lines) {
    line++;
    const fields = each.trimEnd().split(/[ \t]+/);
    if (line === 1 && fields.length === 2 && fields.every((field) => /^\d+$/.test(field))) {
      header = { count: Number(fields[0]), size: Number(fields[1]) };
      size = header.size;
      continue;
    }
    size ||= fields.length - 1;
    // A word may have spaces in it: what is last are the numbers.
    const word = fields.slice(0, -size || undefined).join(" ");
    const numbers = fields.slice(-size);
    if (size < 1 || fields.length <= size || !numbers.every(isNumber)) {
      const expected = size < 1 ? "a word and its numbers" : `a word and ${size} numbers`;
      throw new Error(`${file}: expected ${expected} in line ${line}, got ${show(each)}`);
    }
    words++;
    if ((!wanted || wanted.has(word)) && !vectors.has(word)) vectors.set(word, Float32Array.from(numbers, Number));
  }
  if (words === 0) throw new Error(`${file}: expected words and their numbers, got none`);
  if (header && header.count !== words) {
    throw new Error(`${file}: expected ${header.count} words, as its first line says, got ${words}`);
  }
  return { size, vectors };
}

/**
 * Has an embedding begin with the vectors of its vocabulary's words; those without one stay as they are. A token is looked
 * for as it is, then without joiners. Returns how many were found. Throws `RangeError` on vectors of another width.
 */
export function setEmbeddings(embedding: Embedding, vocabulary: Vocabulary, { size, vectors }: WordVectors): number {
  const { embeddingDim, numEmbeddings } = embedding;
  if (size !== embeddingDim) {
    throw new RangeError(`setEmbeddings: expected vectors of ${embeddingDim} numbers, got ${size}`);
  }
  if (vocabulary.size !== numEmbeddings) {
    throw new RangeError(`setEmbeddings: expected a vocabulary of ${numEmbeddings} tokens, got ${vocabulary.size}`);
  }
  let found = 0;
  for (const [id, spellings] of wordsOf(vocabulary)) {
    const vector = spellings.map((spelling) => vectors.get(spelling)).find((each) => each !== undefined);
    if (!vector) continue;
    writableFloats(embedding.weight).set(vector, id * size);
    found++;
  }
  return found;
}

/** Each token that is no special, by id, with the spellings under which a file may have it. */
function wordsOf(vocabulary: Vocabulary): [id: number, spellings: readonly string[]][] {
  const tokens = vocabulary.toJSON().tokens.map((token, id): [number, readonly string[]] => {
    const bare = token.replaceAll(JOINER, "");
    return [id, bare === "" || bare === token ? [token] : [token, bare]];
  });
  return tokens.filter(([id]) => id > EOS);
}

/** As `Number` reads it, and finite in single precision. */
function isNumber(field: string): boolean {
  return field !== "" && Number.isFinite(Math.fround(Number(field)));
}
