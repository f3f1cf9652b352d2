import type { Agreement, Count, Person } from "../types.js";
import { IRREGULAR_VERBS, STRONG_STEMS } from "./irregular.js";

const PRESENT_ENDINGS = {
  er: ["e", "es", "e", "ons", "ez", "ent"],
  ir: ["is", "is", "it", "issons", "issez", "issent"],
  re: ["s", "s", "", "ons", "ez", "ent"],
};
const IMPERFECT_ENDINGS = ["ais", "ais", "ait", "ions", "iez", "aient"];
const FUTURE_ENDINGS = ["ai", "as", "a", "ons", "ez", "ont"];

const slot = (person: Person, count: Count): number => person - 1 + (count === "plural" ? 3 : 0);

/** The stem of `manger` or `commencer` before an ending in a or o, where the consonant would harden. */
const softened = (stem: string): string => stem.replace(/g$/, "ge").replace(/c$/, "ç");

function presentForm(infinitive: string, index: number): string {
  const irregular = IRREGULAR_VERBS[infinitive];
  if (irregular) return irregular.present[index];
  const stem = infinitive.slice(0, -2);
  const group = infinitive.slice(-2) as keyof typeof PRESENT_ENDINGS;
  const ending = PRESENT_ENDINGS[group][index];
  if (group !== "er") return stem + ending;
  if (ending.startsWith("o")) return softened(stem) + ending;
  return (ending === "ez" ? stem : (STRONG_STEMS[infinitive] ?? stem)) + ending;
}

function imperfectForm(infinitive: string, index: number): string {
  const ending = IMPERFECT_ENDINGS[index];
  if (infinitive === "être") return `ét${ending}`;
  const stem = presentForm(infinitive, 3).slice(0, -3);
  const regular = infinitive.endsWith("er") && !IRREGULAR_VERBS[infinitive];
  return (regular && ending.startsWith("i") ? infinitive.slice(0, -2) : stem) + ending;
}

function futureStem(infinitive: string): string {
  if (infinitive === "envoyer") return "enverr";
  if (IRREGULAR_VERBS[infinitive]) return IRREGULAR_VERBS[infinitive].future;
  if (STRONG_STEMS[infinitive]) return `${STRONG_STEMS[infinitive]}er`;
  return infinitive.endsWith("re") ? infinitive.slice(0, -1) : infinitive;
}

/**
 * The simple form of a verb, without its pronoun.
 *
 * @example
 * conjugate("acheter", "present", { person: 3, count: "plural" }); // "achètent"
 */
export function conjugate(
  infinitive: string,
  tense: "present" | "imperfect" | "future",
  { person, count }: Pick<Agreement, "person" | "count">,
): string {
  const index = slot(person, count);
  if (tense === "present") return presentForm(infinitive, index);
  if (tense === "imperfect") return imperfectForm(infinitive, index);
  return futureStem(infinitive) + FUTURE_ENDINGS[index];
}

/** The past participle, masculine singular. */
export function participle(infinitive: string): string {
  if (IRREGULAR_VERBS[infinitive]) return IRREGULAR_VERBS[infinitive].participle;
  return infinitive.slice(0, -2) + { er: "é", ir: "i", re: "u" }[infinitive.slice(-2) as "er" | "ir" | "re"];
}
