import type { NBestOptions, ScoredText, TextTranslator } from "../seq2seq/index.js";
import { jsonLine } from "./plain.js";
import { UnknownWords } from "./unknown.js";

/** A line of more characters than this is no sentence: it takes long enough to be told of. */
const LONG = 5000;

/** How `translate` answers. */
export interface AnswerOptions {
  /** With `nBest`, each line gets that many answers. */
  readonly search: Omit<NBestOptions, "targetPrefixes">;
  readonly json: boolean;
  /** Whether a line has behind a tab what its translation is to begin with. */
  readonly hasPrefixes: boolean;
  /** What each text is called, before its number: `standard input: line` or `text`. */
  readonly called: string;
}

/** What is said of one text: its translation or, where several were asked for, all that is known of them. */
export interface Answer {
  readonly source: string;
  readonly target?: string;
  /** Of the source, which alignments count in. */
  readonly tokens?: readonly string[];
  readonly hypotheses?: readonly ScoredText[];
  /** Words that the model does not know, if there are any. */
  readonly unknown?: readonly string[];
}

/** The answers to some texts; with `nBest`, each has hypotheses. */
export function answersTo(translator: TextTranslator, texts: readonly string[], search: NBestOptions): Answer[] {
  const { nBest, ...others } = search;
  const found =
    nBest === undefined
      ? translator.translate(texts, others).map((target) => ({ target }))
      : translator
          .translateNBest(texts, search)
          .map((hypotheses, i) => ({ tokens: translator.sourceTokens(texts[i]), hypotheses }));
  return texts.map((source, i) => {
    const unknown = translator.unknownWords(source);
    return { source, ...found[i], ...(unknown.length > 0 && { unknown }) };
  });
}

/** What `translate` prints for lines of text, as its options want it. */
export class Answers {
  readonly #translator: TextTranslator;
  readonly #options: AnswerOptions;
  readonly #unknown = new UnknownWords();
  /** Lines answered so far. */
  count = 0;

  constructor(translator: TextTranslator, options: AnswerOptions) {
    this.#translator = translator;
    this.#options = options;
  }

  /** What is to be said before these lines, the next ones, are answered. */
  warnings(lines: readonly string[]): string[] {
    return lines.flatMap((line, i) =>
      line.length <= LONG
        ? []
        : [`${this.#nameOf(i)} has ${line.length.toLocaleString("en")} characters, and takes its time`],
    );
  }

  /**
   * The answers to the next lines, as text to print, all at once where all goes well. Throws `Error` naming the line
   * that cannot be translated, after the answers to those before it.
   */
  *to(lines: readonly string[]): Iterable<string> {
    let text = "";
    try {
      text = this.#answer(lines);
    } catch (error) {
      if (lines.length === 1) {
        throw new Error(`${this.#nameOf(0)}: ${(error as Error).message}`, { cause: error });
      }
      for (const line of lines) yield* this.to([line]);
      return;
    }
    this.count += lines.length;
    yield text;
  }

  /** The words that the model did not know since this was last asked, described; null where there were none. */
  takeUnknown(): string | null {
    return this.#unknown.take(this.#translator.source);
  }

  /** The texts to translate in some lines, and how. */
  asked(lines: readonly string[]): { texts: string[]; search: NBestOptions } {
    const { search, hasPrefixes } = this.#options;
    if (!hasPrefixes) return { texts: [...lines], search };
    const ends = lines.map((line) => (line.includes("\t") ? line.indexOf("\t") : line.length));
    const targetPrefixes = lines.map((line, i) => line.slice(ends[i] + 1));
    return { texts: lines.map((line, i) => line.slice(0, ends[i])), search: { ...search, targetPrefixes } };
  }

  /** The next line but `i`, as messages call it. */
  #nameOf(i: number): string {
    return `${this.#options.called} ${this.count + i + 1}`;
  }

  /** Throws `Error` on a beginning that leaves no room for more, in the words of the options. */
  #checkPrefixes(texts: readonly string[], { maxLength, targetPrefixes = [] }: NBestOptions): void {
    if (maxLength === undefined) return;
    for (const [i, prefix] of targetPrefixes.entries()) {
      const { length } = this.#translator.encodeTarget(prefix);
      if (length <= maxLength || this.#translator.encodeSource(texts[i]).length === 0) continue;
      throw new Error(`expected a prefix of at most the --max-length of ${maxLength} tokens, got ${length}`);
    }
  }

  #answer(lines: readonly string[]): string {
    const translator = this.#translator;
    const { json } = this.#options;
    const { texts, search } = this.asked(lines);
    this.#checkPrefixes(texts, search);
    for (const text of texts) this.#unknown.add(translator.unknownWords(text));
    if (json) return answersTo(translator, texts, search).map(jsonLine).join("");
    if (search.nBest === undefined) {
      return translator
        .translate(texts, search)
        .map((target) => `${target}\n`)
        .join("");
    }
    const nBest = translator.translateNBest(texts, search);
    const list = (i: number): string =>
      nBest[i].map(({ text, score }) => `${this.count + i + 1}\t${score.toFixed(4)}\t${text}\n`).join("");
    return nBest.map((_, i) => list(i)).join("");
  }
}
