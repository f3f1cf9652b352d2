import { englishPlural } from "../english/inflect.js";
import { frenchPlural } from "../french/agree.js";
import type { Count, Gender, Level } from "../types.js";

/** What a noun names, as far as verbs and adjectives care. */
export type NounKind =
  | "person"
  | "family"
  | "beast"
  | "bird"
  | "creature"
  | "fruit"
  | "ingredient"
  | "dish"
  | "food"
  | "spooned"
  | "drink"
  | "reading"
  | "writing"
  | "opening"
  | "container"
  | "thing"
  | "clothing"
  | "furniture"
  | "vehicle"
  | "instrument"
  | "sport"
  | "language"
  | "place"
  | "sight"
  | "room"
  | "area";

export interface Noun {
  readonly english: string;
  readonly englishPlural: string;
  readonly french: string;
  readonly frenchPlural: string;
  readonly gender: Gender;
  readonly kind: NounKind;
  readonly level: Level;
  /** Takes no article of quantity but the partitive: bread, water. */
  readonly mass: boolean;
  readonly counts: readonly Count[];
}

/** English, French, gender, then the plurals that the rules would get wrong (English, French). */
export type NounRow = readonly [string, string, Gender, string?, string?];

interface NounOptions {
  readonly mass?: boolean;
  /** The corpus uses these nouns in the singular only. */
  readonly singular?: boolean;
}

/** Reads a table of nouns of one kind and level. */
export function nouns(level: Level, kind: NounKind, rows: readonly NounRow[], options: NounOptions = {}): Noun[] {
  const mass = options.mass ?? false;
  const counts: readonly Count[] = mass || options.singular ? ["singular"] : ["singular", "plural"];
  return rows.map(([english, french, gender, manyEnglish, manyFrench]) => ({
    english,
    englishPlural: manyEnglish ?? englishPlural(english),
    french,
    frenchPlural: manyFrench ?? frenchPlural(french),
    gender,
    kind,
    level,
    mass,
    counts,
  }));
}
