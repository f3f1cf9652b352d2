import type { NounKind } from "./noun.js";
import type { Verb } from "./verb.js";

const ANYONE: readonly NounKind[] = ["person", "family", "beast", "bird", "creature"];
const WALKERS: readonly NounKind[] = ["person", "family", "beast"];

/** Verbs that need no object. */
export const VERBS_ALONE: readonly Verb[] = [
  {
    english: "sleep",
    french: "dormir",
    level: 1,
    daily: true,
    subjects: ANYONE,
    manners: ["well", "a lot"],
    where: ["room"],
  },
  { english: "work", french: "travailler", level: 1, manners: ["well", "a lot", "fast"], where: ["place", "town"] },
  {
    english: "sing",
    french: "chanter",
    level: 1,
    subjects: ["person", "family", "bird"],
    manners: ["well", "a lot"],
    where: ["room", "area"],
  },
  { english: "dance", french: "danser", level: 1, manners: ["well", "a lot"], where: ["room", "area"] },
  { english: "run", french: "courir", level: 1, subjects: WALKERS, manners: ["fast", "a lot"], where: ["area"] },
  { english: "walk", french: "marcher", level: 1, subjects: WALKERS, manners: ["fast", "a lot"], where: ["area"] },
  { english: "swim", french: "nager", level: 1, manners: ["well", "fast"] },
  {
    english: "play",
    french: "jouer",
    level: 1,
    subjects: WALKERS,
    manners: ["a lot", "well"],
    where: ["room", "area"],
  },
  { english: "cry", french: "pleurer", level: 2, manners: ["a lot"], where: ["room"] },
  { english: "laugh", french: "rire", level: 2, manners: ["a lot"] },
  { english: "travel", french: "voyager", level: 2, manners: ["a lot"], where: ["town"] },
  { english: "wait", french: "attendre", level: 2, where: ["place", "room", "area"] },
  { english: "get up", french: "lever", level: 2, reflexive: true, daily: true },
  { english: "wake up", french: "réveiller", level: 2, reflexive: true, daily: true, subjects: WALKERS },
  { english: "go to bed", french: "coucher", level: 2, reflexive: true, daily: true },
  { english: "rest", french: "reposer", level: 2, reflexive: true, subjects: WALKERS, where: ["room"] },
  { english: "get dressed", french: "habiller", level: 2, reflexive: true, daily: true },
  { english: "go for a walk", french: "promener", level: 2, reflexive: true, where: ["area"] },
];

/** Verbs that say where one is, goes or comes from. */
export const VERBS_OF_PLACE: readonly Verb[] = [
  { english: "live", french: "habiter", level: 2, stative: true, where: ["town"] },
  { english: "stay", french: "rester", level: 2, where: ["place", "room", "town"] },
  { english: "arrive", french: "arriver", level: 2, where: ["place", "town"] },
];

export const VERBS_OF_MOTION: readonly Verb[] = [
  { english: "go", french: "aller", level: 2 },
  { english: "come", french: "venir", level: 2 },
  { english: "come back", french: "revenir", level: 2 },
];

/** Verbs of movement that are said without a place. */
export const VERBS_OF_LEAVING: readonly Verb[] = [
  { english: "leave", french: "partir", level: 2, instant: true },
  { english: "go out", french: "sortir", level: 2 },
  { english: "go home", french: "rentrer", level: 2 },
  { english: "fall", french: "tomber", level: 3 },
];
