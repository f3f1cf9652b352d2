import { expressions } from "./expression.js";
import type { Modal, Verb } from "./verb.js";

/** States that English is and French has: she is hungry, elle a faim. */
export const STATES = expressions(2, [
  ["hungry", "faim"],
  ["thirsty", "soif"],
  ["cold", "froid"],
  ["hot", "chaud"],
  ["afraid", "peur"],
  ["sleepy", "sommeil"],
  ["right", "raison"],
  ["wrong", "tort"],
]);

/** The weather, after "it is" and `il fait`. */
export const WEATHER = expressions(2, [
  ["cold", "froid"],
  ["hot", "chaud"],
  ["cool", "frais"],
]);

export const MODALS: readonly Modal[] = [
  { english: "want", link: "to", french: "vouloir" },
  { english: "can", french: "pouvoir" },
  { english: "must", french: "devoir" },
];

/** Where one thing is beside another. */
export const POSITIONS = expressions(2, [
  ["on", "sur"],
  ["under", "sous"],
  ["behind", "derrière"],
  ["in front of", "devant"],
]);

/** Verbs that a clause follows, after "that" and `que`. */
export const VERBS_OF_OPINION: readonly Verb[] = [
  { english: "think", french: "penser", level: 3, stative: true },
  { english: "know", french: "savoir", level: 3, stative: true },
  { english: "say", french: "dire", level: 3 },
];
