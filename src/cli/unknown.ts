import type { Language } from "../seq2seq/index.js";

/** How many words are shown, and up to how many are told apart: a long text must not fill the memory with them. */
const EXAMPLES = 5;
const MOST = 10_000;

/** A "word" may be a line without spaces. */
function shortened(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}

/** Words that a model does not know, gathered over a text. */
export class UnknownWords {
  readonly #words = new Set<string>();

  add(words: readonly string[]): void {
    for (const word of words) if (this.#words.size <= MOST) this.#words.add(word);
  }

  /**
   * `3 words unknown to the model: xylophone, zorgles, smartphone`: what it makes of these is a guess. Null of none. They are
   * forgotten with that.
   */
  take({ tokenizer }: Pick<Language, "tokenizer">): string | null {
    const { size } = this.#words;
    if (size === 0) return null;
    const count = size > MOST ? `more than ${MOST.toLocaleString("en")}` : String(size);
    const noun = `${tokenizer.kind === "character" ? "character" : "word"}${size === 1 ? "" : "s"}`;
    const examples = Array.from(this.#words).slice(0, EXAMPLES).map(shortened).join(", ");
    this.#words.clear();
    return `${count} ${noun} unknown to the model: ${examples}${size > EXAMPLES ? ", …" : ""}`;
  }
}
