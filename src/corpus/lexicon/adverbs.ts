import { expressions } from "./expression.js";

/** How: after the verb in both languages. */
export const MANNERS = expressions(1, [
  ["well", "bien"],
  ["fast", "vite"],
  ["a lot", "beaucoup"],
]);

/** How often: before the main verb in English, after the conjugated one in French. */
export const FREQUENCIES = expressions(2, [
  ["often", "souvent"],
  ["always", "toujours"],
  ["sometimes", "parfois"],
  ["rarely", "rarement"],
]);
