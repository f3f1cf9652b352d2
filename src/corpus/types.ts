/** How far the curriculum has got: 1 is the easiest. A level holds everything below it. */
export type Level = 1 | 2 | 3;

/** A sentence and its one translation. */
export type SentencePair = { readonly source: string; readonly target: string };

/** French grammatical gender. */
export type Gender = "m" | "f";

/** Grammatical number. */
export type Count = "singular" | "plural";

export type Person = 1 | 2 | 3;

/** What a French verb, adjective or participle agrees with. */
export interface Agreement {
  readonly person: Person;
  readonly gender: Gender;
  readonly count: Count;
}

/** `imperfect` is the French imparfait, `past` the passé composé. */
export type Tense = "present" | "imperfect" | "past" | "future";
