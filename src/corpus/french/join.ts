import { startsWithVowelSound } from "./sound.js";

const ELIDING = new Set(["je", "me", "te", "se", "le", "la", "de", "ne", "que"]);

/**
 * Sets French words side by side, eliding where the next word calls for it.
 *
 * @example
 * joinFrench(["je", "aime", "le", "homme"]); // "j'aime l'homme"
 */
export function joinFrench(words: readonly string[]): string {
  let text = "";
  words.forEach((word, i) => {
    const next = words[i + 1];
    const elided = next !== undefined && ELIDING.has(word) && startsWithVowelSound(next);
    if (elided) text += `${word.slice(0, -1)}'`;
    else text += next === undefined ? word : `${word} `;
  });
  return text;
}

/**
 * Puts `à` or `de` before a noun phrase, contracting it with the article: au, aux, du, des.
 *
 * @example
 * contract("à", ["le", "marché"]); // ["au", "marché"]
 * contract("à", ["le", "hôpital"]); // ["à", "le", "hôpital"], which `joinFrench` elides
 */
export function contract(preposition: "à" | "de", phrase: readonly string[]): readonly string[] {
  const [article, next, ...rest] = phrase;
  if (article === "les") return [preposition === "à" ? "aux" : "des", next, ...rest];
  if (article === "le" && !startsWithVowelSound(next)) return [preposition === "à" ? "au" : "du", next, ...rest];
  return [preposition, ...phrase];
}
