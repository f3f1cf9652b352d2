import type { BeamOptions, Translator } from "../seq2seq/index.js";
import { jsonLine } from "./plain.js";
import { UnknownWords } from "./unknown.js";

/** A line of more characters than this is no sentence: it takes long enough to be told of. */
const LONG = 5000;

/** What `translate` prints for lines of text, as its options want it. */
export class Answers {
  readonly #translator: Translator;
  readonly #search: BeamOptions;
  readonly #json: boolean;
  #unknown = new UnknownWords();
  /** Lines answered so far. */
  count = 0;

  /** With `nBest` in the search, each line gets that many answers. */
  constructor(translator: Translator, search: BeamOptions, json: boolean) {
    this.#translator = translator;
    this.#search = search;
    this.#json = json;
  }

  /** What is to be said before these lines, the next ones, are answered. */
  warnings(lines: readonly string[]): string[] {
    return lines.flatMap((line, i) =>
      line.length <= LONG
        ? []
        : [`line ${this.count + i + 1} has ${line.length.toLocaleString("en")} characters, and takes its time`],
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
        throw new Error(`standard input: line ${this.count + 1}: ${(error as Error).message}`, { cause: error });
      }
      for (const line of lines) yield* this.to([line]);
      return;
    }
    this.count += lines.length;
    yield text;
  }

  /** The words that the model did not know since this was last asked, described; null where there were none. */
  takeUnknown(): string | null {
    const words = this.#unknown.describe(this.#translator);
    this.#unknown = new UnknownWords();
    return words;
  }

  #answer(lines: readonly string[]): string {
    const translator = this.#translator;
    const unknown = lines.map((line) => translator.unknownWords(line));
    for (const words of unknown) this.#unknown.add(words);
    const object = (i: number, found: object): string =>
      jsonLine({ source: lines[i], ...found, ...(unknown[i].length > 0 && { unknown: unknown[i] }) });
    if (this.#search.nBest === undefined) {
      const targets = translator.translate(lines, this.#search);
      return targets.map((target, i) => (this.#json ? object(i, { target }) : `${target}\n`)).join("");
    }
    const nBest = translator.translateNBest(lines, this.#search);
    const list = (i: number): string =>
      nBest[i].map(({ text, score }) => `${this.count + i + 1}\t${score.toFixed(4)}\t${text}\n`).join("");
    return nBest.map((hypotheses, i) => (this.#json ? object(i, { hypotheses }) : list(i))).join("");
  }
}
