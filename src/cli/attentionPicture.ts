import { writeFileSync } from "node:fs";
import { type BeamOptions, drawAlignment, type Translator } from "../seq2seq/index.js";
import { checkOutput } from "./inputs.js";

/** A picture of where a model looks while it translates the first sentence that there is. */
export class AttentionPicture {
  readonly #translator: Translator;
  readonly #file: string;
  readonly #search: BeamOptions;
  #isDrawn = false;

  /** Throws `Error` for a model that looks nowhere, and where no picture can be written. */
  constructor(translator: Translator, file: string, search: BeamOptions) {
    const { attention = "none" } = translator.model.config;
    if (attention === "none")
      throw new Error("translate: --attention: expected a model with attention, got one without");
    this.#translator = translator;
    this.#file = checkOutput("translate: --attention", file);
    this.#search = search;
  }

  /** Draws the first of these lines that is no blank one, unless there was one before; returns what is to be said of it. */
  see(lines: readonly string[]): string | null {
    const line = this.#isDrawn ? undefined : lines.find((text) => this.#translator.encodeSource(text).length > 0);
    if (line === undefined) return null;
    const [translation] = this.#translator.translate([line], this.#search);
    const alignment = this.#translator.align(line, translation);
    if (!alignment) return null;
    writeFileSync(this.#file, drawAlignment(alignment));
    this.#isDrawn = true;
    return `attention of the first sentence drawn in ${this.#file}`;
  }
}
