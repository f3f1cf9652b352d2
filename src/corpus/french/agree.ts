import type { Agreement } from "../types.js";

/** The regular plural of a noun or of a masculine adjective. */
export function frenchPlural(word: string): string {
  if (/[sxz]$/.test(word)) return word;
  if (/(eau|eu)$/.test(word) && word !== "bleu") return `${word}x`;
  if (word.endsWith("al")) return `${word.slice(0, -1)}ux`;
  return `${word}s`;
}

/** The regular feminine of an adjective or a participle. */
export function frenchFeminine(word: string): string {
  if (word.endsWith("e")) return word;
  if (/eux$/.test(word)) return `${word.slice(0, -1)}se`;
  if (/er$/.test(word)) return `${word.slice(0, -2)}ère`;
  if (/(en|el|on)$/.test(word)) return `${word + word.slice(-1)}e`;
  return `${word}e`;
}

/**
 * The participle or regular adjective that agrees in gender and number.
 *
 * @example
 * agree("allé", { gender: "f", count: "plural" }); // "allées"
 */
export function agree(word: string, { gender, count }: Pick<Agreement, "gender" | "count">): string {
  const form = gender === "f" ? frenchFeminine(word) : word;
  return count === "plural" ? frenchPlural(form) : form;
}
