import { checkOptions, integer, limit, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import { checkTexts } from "./checkText.js";
import { compareCodePoints } from "./codePoints.js";

/** Id of `<pad>`, which fills short sentences up to the length of their batch. */
export const PAD = 0;
/** Id of `<unk>`, which stands for every token outside the vocabulary. */
export const UNK = 1;
/** Id of `<bos>`, the token before the first. */
export const BOS = 2;
/** Id of `<eos>`, the token after the last. */
export const EOS = 3;

const SPECIALS = ["<pad>", "<unk>", "<bos>", "<eos>"] as const;

/** Which tokens {@link Vocabulary.build} takes in. */
export interface VocabularyOptions {
  /** A token seen less often is left out; an integer of at least 1. Default 1. */
  readonly minFrequency?: number;
  /** Largest number of ids, the four specials included: an integer of at least 4, or `Infinity`, the default. */
  readonly maxSize?: number;
}

/** What a model folder keeps of a vocabulary: all tokens in the order of their ids, the four specials first. */
export interface VocabularyJSON {
  readonly tokens: readonly string[];
}

const OPTIONS: OptionTable<VocabularyOptions> = { minFrequency: integer(1), maxSize: limit(integer(SPECIALS.length)) };

/**
 * A numbering of tokens. Ids 0 to 3 are the specials {@link PAD}, {@link UNK}, {@link BOS} and {@link EOS}; a token that
 * merely has the spelling of a special ("<eos>" in somebody's text) is outside every vocabulary and becomes `UNK`.
 *
 * @example
 * const vocabulary = Vocabulary.build([["a", "dog", "￭."], ["a", "cat", "￭."]], { minFrequency: 2 });
 * vocabulary.encode(["a", "cat", "￭."]); // Int32Array [4, 1, 5]: "a" and "￭." both occur twice, so code points decide
 * vocabulary.decode([4, UNK, 5, EOS]); // ["a", "<unk>", "￭."]
 */
export class Vocabulary {
  readonly #tokens: readonly string[];
  readonly #ids = new Map<string, number>();

  private constructor(ownTokens: readonly string[]) {
    this.#tokens = [...SPECIALS, ...ownTokens];
    for (const [i, token] of ownTokens.entries()) this.#ids.set(token, SPECIALS.length + i);
  }

  /**
   * The vocabulary of tokenised sentences: the most frequent token first, equal ones in code point order, so that the
   * same sentences in any order give the same ids. Throws `RangeError` on a limit out of range.
   */
  static build(sentences: Iterable<readonly string[]>, options: VocabularyOptions = {}): Vocabulary {
    if (typeof sentences === "string") {
      throw new TypeError(`Vocabulary.build: expected tokenised sentences, got ${show(sentences)}`);
    }
    const counts = new Map<string, number>();
    for (const sentence of sentences) {
      checkTexts("Vocabulary.build", "tokens", sentence);
      for (const token of sentence) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    return Vocabulary.fromCounts(counts, options);
  }

  /** As {@link Vocabulary.build}, of tokens that have been counted: each with how often it occurs. */
  static fromCounts(
    counts: Iterable<readonly [token: string, count: number]>,
    options: VocabularyOptions = {},
  ): Vocabulary {
    checkOptions("Vocabulary.build", OPTIONS, options);
    const { minFrequency = 1, maxSize = Number.POSITIVE_INFINITY } = options;
    const specials: readonly string[] = SPECIALS;
    const frequent = [...counts].filter(([token, count]) => count >= minFrequency && !specials.includes(token));
    frequent.sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b));
    return new Vocabulary(frequent.slice(0, maxSize - SPECIALS.length).map(([token]) => token));
  }

  /** Number of ids, the four specials included. */
  get size(): number {
    return this.#tokens.length;
  }

  /** Whether `token` has an id of its own; the spelling of a special has none. */
  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /** The id of a token, {@link UNK} if it is outside. */
  id(token: string): number {
    return this.#ids.get(token) ?? UNK;
  }

  /** The id of each token. Adds neither `BOS` nor `EOS`. */
  encode(tokens: readonly string[]): Int32Array {
    checkTexts("Vocabulary.encode", "tokens", tokens);
    return Int32Array.from(tokens, (token) => this.id(token));
  }

  /**
   * The tokens of `ids` up to the first {@link EOS}, without `PAD` and `BOS`; `UNK` gives "<unk>". Throws `RangeError` on
   * an id that is not an integer in [0, size).
   */
  decode(ids: Iterable<number>): string[] {
    const tokens: string[] = [];
    for (const id of ids) {
      const token = typeof id === "number" ? this.#tokens[id] : undefined;
      if (token === undefined) {
        throw new RangeError(
          `Vocabulary.decode: expected ids from 0 to ${this.size - 1} (size ${this.size}), got ${show(id)}`,
        );
      }
      if (id === EOS) break;
      if (id !== PAD && id !== BOS) tokens.push(token);
    }
    return tokens;
  }

  /** Whether both give the same tokens the same ids. */
  equals(other: Vocabulary): boolean {
    return this.size === other.size && this.#tokens.every((token, id) => token === other.#tokens[id]);
  }

  toJSON(): VocabularyJSON {
    return { tokens: this.#tokens };
  }

  /**
   * The vocabulary that {@link Vocabulary.toJSON} described, read from a file. Throws `TypeError` on anything but
   * different strings that begin with the four specials.
   */
  static fromJSON(json: unknown): Vocabulary {
    if (typeof json !== "object" || json === null || !("tokens" in json) || !Array.isArray(json.tokens)) {
      throw new TypeError('Vocabulary.fromJSON: expected an object with an array "tokens"');
    }
    const tokens: readonly unknown[] = json.tokens;
    for (const [id, special] of SPECIALS.entries()) {
      if (tokens[id] !== special) {
        throw new TypeError(`Vocabulary.fromJSON: expected token ${id} to be "${special}", got ${show(tokens[id])}`);
      }
    }
    const firstIds = new Map<string, number>();
    for (const [id, token] of tokens.entries()) {
      if (typeof token !== "string") {
        throw new TypeError(`Vocabulary.fromJSON: expected token ${id} to be a string, got ${show(token)}`);
      }
      const firstId = firstIds.get(token);
      if (firstId !== undefined) {
        throw new TypeError(
          `Vocabulary.fromJSON: expected different tokens, got ${show(token)} as both token ${firstId} and token ${id}`,
        );
      }
      firstIds.set(token, id);
    }
    return new Vocabulary([...firstIds.keys()].slice(SPECIALS.length));
  }
}
