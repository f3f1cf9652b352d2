import type { Agreement, Level } from "../types.js";

export interface SubjectPronoun extends Agreement {
  readonly english: string;
  readonly french: string;
  readonly level: Level;
}

/**
 * "You" is one familiar person (tu). I, you, we and they are masculine for agreement, since English does not say.
 */
export const SUBJECT_PRONOUNS: readonly SubjectPronoun[] = [
  { english: "I", french: "je", person: 1, gender: "m", count: "singular", level: 1 },
  { english: "you", french: "tu", person: 2, gender: "m", count: "singular", level: 1 },
  { english: "he", french: "il", person: 3, gender: "m", count: "singular", level: 1 },
  { english: "she", french: "elle", person: 3, gender: "f", count: "singular", level: 1 },
  { english: "we", french: "nous", person: 1, gender: "m", count: "plural", level: 1 },
  { english: "they", french: "ils", person: 3, gender: "m", count: "plural", level: 1 },
];

/** A pronoun that stands for an object; French sets it before the verb. */
export interface ObjectPronoun {
  readonly english: string;
  readonly direct: string;
  readonly indirect: string;
  readonly agreement: Agreement;
}

const object = (english: string, direct: string, indirect: string, agreement: Agreement): ObjectPronoun => ({
  english,
  direct,
  indirect,
  agreement,
});

/** "It" is left out: its French gender would depend on what it stands for. "Them" is masculine. */
export const OBJECT_PRONOUNS: readonly ObjectPronoun[] = [
  object("me", "me", "me", { person: 1, gender: "m", count: "singular" }),
  object("you", "te", "te", { person: 2, gender: "m", count: "singular" }),
  object("him", "le", "lui", { person: 3, gender: "m", count: "singular" }),
  object("her", "la", "lui", { person: 3, gender: "f", count: "singular" }),
  object("us", "nous", "nous", { person: 1, gender: "m", count: "plural" }),
  object("them", "les", "leur", { person: 3, gender: "m", count: "plural" }),
];
