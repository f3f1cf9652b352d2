import { drawAlignment, type TextTranslator } from "../seq2seq/index.js";
import type { Answers } from "./answers.js";
import { checkOutput, writeOutput } from "./inputs.js";

const OPTION = "translate: --attention";

/** A picture of where a model looks while it translates the first sentence that there is. */
export class AttentionPicture {
  readonly #translator: TextTranslator;
  readonly #file: string;
  readonly #answers: Answers;
  #isDrawn = false;

  /** Throws `Error` for a model that looks nowhere, and where no picture can be written. */
  constructor(translator: TextTranslator, file: string, answers: Answers) {
    if (!translator.hasAttention) throw new Error(`${OPTION}: expected a model with attention, got one without`);
    this.#translator = translator;
    this.#file = checkOutput(OPTION, file);
    this.#answers = answers;
  }

  /** Draws the first of these lines that is no blank one, unless there was one before; returns what is to be said of it. */
  see(lines: readonly string[]): string | null {
    const isSentence = (line: string): boolean => {
      const [text] = this.#answers.asked([line]).texts;
      return this.#translator.encodeSource(text).length > 0;
    };
    const line = this.#isDrawn ? undefined : lines.find(isSentence);
    if (line === undefined) return null;
    const { texts, search } = this.#answers.asked([line]);
    const { nBest: _, ...alone } = search;
    const [translation] = this.#translator.translate(texts, alone);
    const alignment = this.#translator.align(texts[0], translation);
    if (!alignment) return null;
    writeOutput(OPTION, this.#file, drawAlignment(alignment));
    this.#isDrawn = true;
    return `attention of the first sentence drawn in ${this.#file}`;
  }

  /** What is to be said at the end: of a picture that was asked for, but not drawn. */
  end(): string | null {
    return this.#isDrawn ? null : `there was no sentence to draw: ${this.#file} was not written`;
  }
}
