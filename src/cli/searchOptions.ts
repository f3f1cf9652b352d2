import { integer, nonNegative } from "../options.js";
import type { BeamOptions } from "../seq2seq/index.js";
import type { Values } from "./options.js";

/** How translations are searched for: the same options wherever a command translates. */
export const searchOptions = {
  beam: { type: "number", value: "N", ...integer(1), help: "hypotheses kept while searching; 1 is greedy (1)" },
  "length-penalty": { type: "number", value: "X", ...nonNegative(), help: "ranks by log p / length^X (1)" },
  "max-length": {
    type: "number",
    value: "N",
    ...integer(1),
    help: "at most N tokens a sentence (twice the source and 10)",
  },
} as const;

/** The library's names for them. */
export function readSearch(values: Values<typeof searchOptions>): Omit<BeamOptions, "nBest"> {
  return { beam: values.beam ?? 1, lengthPenalty: values["length-penalty"], maxLength: values["max-length"] };
}
