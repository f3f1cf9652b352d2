import type { NounPhrase } from "./nounPhrase.js";

/** Two lemmas that stand in a grammatical relation somewhere in a sentence, such as "apple (noun)+eat (verb)". */
export type Combination = string;

/** The name of a pair of lemmas, whichever comes first. */
export function combination(first: string, second: string): Combination {
  return first < second ? `${first}+${second}` : `${second}+${first}`;
}

export const nounLemma = (english: string): string => `${english} (noun)`;
export const verbLemma = (english: string): string => `${english} (verb)`;
export const adjectiveLemma = (english: string): string => `${english} (adjective)`;

/** The combinations within a noun phrase: its noun and its adjective. */
export function phraseCombinations({ noun, adjective }: NounPhrase): readonly Combination[] {
  return adjective ? [combination(nounLemma(noun.english), adjectiveLemma(adjective.english))] : [];
}
