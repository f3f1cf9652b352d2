import type { Gender } from "../types.js";

/**
 * Determiners of the shared meaning. `bare` is a quantity (apples, bread: des pommes, du pain), `generic` the whole
 * kind, which English leaves as bare (he likes apples: il aime les pommes).
 */
export type DeterminerId = "the" | "a" | "bare" | "generic" | "this" | "my" | "your" | "his" | "her" | "our" | "their";

interface DeterminerForms {
  readonly singular: Readonly<Record<Gender, string>>;
  readonly beforeVowel: Readonly<Record<Gender, string>>;
  readonly plural: string;
}

function forms(m: string, f: string, plural: string, vowelM = m, vowelF = f): DeterminerForms {
  return { singular: { m, f }, beforeVowel: { m: vowelM, f: vowelF }, plural };
}

const DEFINITE = forms("le", "la", "les");
const INDEFINITE = forms("un", "une", "des");
const THIRD_PERSON = forms("son", "sa", "ses", "son", "son");

export const FRENCH_DETERMINERS: Readonly<Record<DeterminerId, DeterminerForms>> = {
  the: DEFINITE,
  generic: DEFINITE,
  a: INDEFINITE,
  bare: INDEFINITE,
  this: forms("ce", "cette", "ces", "cet"),
  my: forms("mon", "ma", "mes", "mon", "mon"),
  your: forms("ton", "ta", "tes", "ton", "ton"),
  his: THIRD_PERSON,
  her: THIRD_PERSON,
  our: forms("notre", "notre", "nos"),
  their: forms("leur", "leur", "leurs"),
};
