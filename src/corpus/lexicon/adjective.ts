import { frenchFeminine, frenchPlural } from "../french/agree.js";
import type { Gender, Level } from "../types.js";
import type { NounKind } from "./noun.js";

export interface Adjective {
  readonly english: string;
  readonly singular: Readonly<Record<Gender, string>>;
  readonly plural: Readonly<Record<Gender, string>>;
  /** Masculine singular before a vowel: bel, vieil, nouvel. */
  readonly beforeVowel: string;
  /** Whether French sets it before its noun. */
  readonly first: boolean;
  readonly level: Level;
  /** The nouns it may stand beside. */
  readonly beside: readonly NounKind[];
  /** The subjects of "is …" that it may describe. */
  readonly describes: readonly NounKind[];
}

export interface AdjectiveRow {
  readonly english: string;
  readonly french: string;
  readonly feminine?: string;
  readonly beforeVowel?: string;
  readonly invariable?: true;
  readonly first?: true;
  readonly beside?: readonly NounKind[];
  readonly describes?: readonly NounKind[];
}

/** Reads a table of adjectives of one level. */
export function adjectives(level: Level, rows: readonly AdjectiveRow[]): Adjective[] {
  return rows.map((row) => {
    const feminine = row.feminine ?? (row.invariable ? row.french : frenchFeminine(row.french));
    return {
      english: row.english,
      singular: { m: row.french, f: feminine },
      plural: row.invariable
        ? { m: row.french, f: row.french }
        : { m: frenchPlural(row.french), f: frenchPlural(feminine) },
      beforeVowel: row.beforeVowel ?? row.french,
      first: row.first ?? false,
      level,
      beside: row.beside ?? [],
      describes: row.describes ?? [],
    };
  });
}
