import type { Level } from "../types.js";
import type { DeterminerId } from "./determiners.js";
import type { Noun, NounKind } from "./noun.js";

/** A place with a name of its own, or one that a noun describes. */
export type PlaceKind = "place" | "room" | "area" | "town";

export interface Verb {
  /** Base form, with its particle if any: "look for". */
  readonly english: string;
  /** Infinitive, without `se`. */
  readonly french: string;
  readonly level: Level;
  /** Conjugated with me, te, se… and so with `être`. */
  readonly reflexive?: true;
  /** What the French verb sets before its object. */
  readonly preposition?: "à" | "de";
  /** Also takes a recipient: gives, shows or sends something to someone. */
  readonly gives?: true;
  /** Whoever may do it; people, pronouns and names when left out. */
  readonly subjects?: readonly NounKind[];
  /** What it may be done to; nothing when left out. */
  readonly objects?: readonly NounKind[];
  /** The one noun of those kinds that it may not be done to: its own subject. */
  readonly exceptFor?: Noun;
  /** The determiners its object may have in a plain sentence. */
  readonly determiners?: readonly DeterminerId[];
  /** The adverbs of manner that suit it, in English. */
  readonly manners?: readonly string[];
  /** The places it is done at. */
  readonly where?: readonly PlaceKind[];
  /** Done every day, and so not said of "last year" or "in summer". */
  readonly daily?: true;
  /** Over as soon as done, and so not said with "was …ing". */
  readonly instant?: true;
  /** A state, which takes neither "was …ing" nor the passé composé. */
  readonly stative?: true;
}

/** A verb that another follows in the infinitive. */
export interface Modal {
  readonly english: string;
  /** What stands between it and the infinitive in English. */
  readonly link?: "to";
  readonly french: string;
}

/** "To be", whose complement agrees with its subject. */
export const BE: Verb = { english: "be", french: "être", level: 2, stative: true };

/** "To be" hungry, or ten years old: French has hunger, and has ten years. */
export const BE_IN_STATE: Verb = { english: "be", french: "avoir", level: 2, stative: true };
