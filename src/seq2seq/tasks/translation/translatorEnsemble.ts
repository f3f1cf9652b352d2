import { show } from "../../../show.js";
import { Ensemble } from "../../search/ensemble.js";
import { TextTranslator } from "./textTranslator.js";

/**
 * Several translators that translate as one: at each step the mean of their probabilities counts (see {@link Ensemble}).
 * Their models may be of any kind; text they cut and number alike, as those do that were trained on the same pairs with
 * different seeds.
 *
 * Throws `RangeError` on no translators, and on translators of different languages.
 *
 * @example
 * const ensemble = new TranslatorEnsemble(["model-1", "model-2"].map((folder) => Translator.load(folder)));
 * ensemble.translate(["The dog sleeps."], { beam: 5 });
 */
export class TranslatorEnsemble extends TextTranslator {
  readonly model: Ensemble;
  readonly hasAttention: boolean;

  constructor(translators: readonly TextTranslator[]) {
    checkAlike(translators);
    super(translators[0]);
    this.model = new Ensemble(translators.map(({ model }) => model));
    this.hasAttention = translators.every(({ hasAttention }) => hasAttention);
  }

  /** Frees the models' memory at once instead of when it is collected; translating afterwards throws. */
  dispose(): void {
    this.model.dispose();
  }
}

/** Throws unless all cut, number and order text as the first does. */
function checkAlike(translators: readonly TextTranslator[]): void {
  const op = "TranslatorEnsemble";
  if (!Array.isArray(translators) || !translators.every((own) => own instanceof TextTranslator)) {
    throw new TypeError(`${op}: expected a list of translators, got ${show(translators)}`);
  }
  if (translators.length === 0) throw new RangeError(`${op}: expected at least one translator, got none`);
  const same = (what: string, of: (own: TextTranslator) => unknown): void => {
    const [first, ...others] = translators.map((own) => JSON.stringify(of(own)));
    const other = others.findIndex((own) => own !== first);
    if (other < 0) return;
    throw new RangeError(`${op}: expected translators with one ${what}, got another at ${other + 1}`);
  };
  for (const side of ["source", "target"] as const) {
    same(`${side} tokeniser`, (own) => own[side].tokenizer);
    same(`${side} vocabulary`, (own) => own[side].vocabulary);
  }
  same("order of the source's words", (own) => own.reverseSource);
}
