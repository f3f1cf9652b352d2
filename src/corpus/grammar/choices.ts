import type { DeterminerId } from "../lexicon/determiners.js";
import { NOUNS } from "../lexicon/index.js";
import type { Noun, NounKind } from "../lexicon/noun.js";
import type { Verb } from "../lexicon/verb.js";
import { VERBS_ALONE, VERBS_OF_LEAVING } from "../lexicon/verbsAlone.js";
import type { Count, Level } from "../types.js";
import type { NounPhrase } from "./nounPhrase.js";

/** Those of `items` that a level knows. */
export function known<T extends { readonly level: Level }>(items: readonly T[], level: Level): readonly T[] {
  return items.filter((item) => item.level <= level);
}

/** The verbs that a level knows and that may be said with nothing after them. */
export const saidAlone = (level: Level): readonly Verb[] => known([...VERBS_ALONE, ...VERBS_OF_LEAVING], level);

/** The nouns of some kinds that a level knows. */
export function nounsOf(kinds: readonly NounKind[], level: Level): readonly Noun[] {
  return known(NOUNS, level).filter((noun) => kinds.includes(noun.kind));
}

/** The numbers a noun may have under a determiner: "a" is singular; a countable noun is bare in the plural only. */
function countsUnder({ mass, counts }: Noun, determiner: DeterminerId): readonly Count[] {
  if (determiner === "a") return mass ? [] : ["singular"];
  const bare = determiner === "bare" || determiner === "generic";
  return bare && counts.includes("plural") ? ["plural"] : counts;
}

/** Every phrase of these nouns under these determiners. */
export function phrases(nouns: readonly Noun[], determiners: readonly DeterminerId[]): readonly NounPhrase[] {
  return nouns.flatMap((noun) =>
    determiners.flatMap((determiner) => countsUnder(noun, determiner).map((count) => ({ noun, count, determiner }))),
  );
}

const PLAIN: readonly DeterminerId[] = ["the", "a", "bare"];

/** The determiners that the object of a verb takes in a plain sentence. */
export const plainDeterminers = ({ determiners = PLAIN }: Verb): readonly DeterminerId[] => determiners;

/**
 * The determiners that suit what is done again and again, or never: one eats apples every day, not the apple, but one
 * may wash the car.
 */
export function habitualDeterminers(verb: Verb): readonly DeterminerId[] {
  const plain = plainDeterminers(verb);
  return [(["bare", "generic", "the"] as const).find((determiner) => plain.includes(determiner))!];
}

/** The determiners that suit the object of "not". */
export function negatedDeterminers(verb: Verb): readonly DeterminerId[] {
  const definite = plainDeterminers(verb).filter((determiner) => determiner !== "a");
  return verb.stative ? plainDeterminers(verb) : definite;
}

const listed = new Map<string, readonly NounPhrase[]>();

/** Every phrase of these kinds of nouns under these determiners: a list made once, for many constructions ask for it. */
export function phrasesOf(
  kinds: readonly NounKind[],
  level: Level,
  determiners: readonly DeterminerId[],
): readonly NounPhrase[] {
  const key = `${kinds} ${level} ${determiners}`;
  const made = listed.get(key) ?? phrases(nounsOf(kinds, level), determiners);
  listed.set(key, made);
  return made;
}

/** What a verb may be done to, under some determiners. */
export function objectsOf(verb: Verb, level: Level, determiners = plainDeterminers(verb)): readonly NounPhrase[] {
  const all = phrasesOf(verb.objects ?? [], level, determiners);
  return verb.exceptFor ? all.filter(({ noun }) => noun !== verb.exceptFor) : all;
}

/** Whether a verb acts on one thing rather than on a whole kind. */
export const takesParticular = ({ determiners }: Verb): boolean => !determiners?.includes("generic");

const UNOWNED: readonly NounKind[] = [
  "person",
  "beast",
  "bird",
  "creature",
  "place",
  "sight",
  "area",
  "instrument",
  "sport",
  "language",
];

/** What a verb may be done to that can be someone's: of animals only the tame ones, and of people the relatives. */
export function ownable({ objects = [], exceptFor }: Verb): readonly Noun[] {
  const things = objects.filter((kind) => !UNOWNED.includes(kind));
  const pets = objects.includes("beast") ? nounsOf(["beast"], 1) : [];
  const relatives = objects.includes("person") ? nounsOf(["family"], 2) : [];
  return [...nounsOf(things, 2), ...pets, ...relatives].filter((noun) => noun !== exceptFor);
}
