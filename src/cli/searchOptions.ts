import { integer } from "../options.js";
import { readLines, type TextTranslator, type TranslateOptions } from "../seq2seq/index.js";
import { rankingOptions } from "../seq2seq/search/ranking.js";
import { show } from "../show.js";
import { readInput } from "./inputs.js";
import { UsageError, type Values } from "./options.js";

/** How translations are searched for: the same options wherever a command translates. */
export const searchOptions = {
  beam: { type: "number", value: "N", ...integer(1), help: "hypotheses kept while searching; 1 is greedy (1)" },
  "length-penalty": {
    type: "number",
    value: "X",
    ...rankingOptions.lengthPenalty,
    help: "ranks by log p / length^X (1)",
  },
  "length-penalty-offset": {
    type: "number",
    value: "K",
    ...rankingOptions.lengthPenaltyOffset,
    help: "by log p / ((K + length) / (K + 1))^X: 5 as Wu et al., 2016 (0)",
  },
  "coverage-penalty": {
    type: "number",
    value: "X",
    ...rankingOptions.coveragePenalty,
    help: "takes off for source words that nothing looked at, as Wu et al., 2016 (0)",
  },
  "no-repeat-ngram-size": {
    type: "number",
    value: "N",
    ...integer(0),
    help: "no N tokens in a row twice in a translation; 0 lets them (0)",
  },
  "max-length": {
    type: "number",
    value: "N",
    ...integer(1),
    help: "at most N tokens a sentence (twice the source and 10)",
  },
} as const;

/** What a translator does about words that it does not know. */
export const unknownOptions = {
  "replace-unknown": {
    type: "boolean",
    help: "where the model writes an unknown word, the source word that it looked at",
  },
  dictionary: {
    type: "string",
    value: "FILE",
    help: "SOURCE TAB TARGET a line: what to put there instead, for words that it has",
  },
} as const;

/** The library's names for them. Throws `Error` on a dictionary that cannot be read. */
export function readSearch(values: Values<typeof searchOptions & typeof unknownOptions>): TranslateOptions {
  const { dictionary, "replace-unknown": replaceUnknown } = values;
  if (dictionary !== undefined && !replaceUnknown) {
    throw new UsageError("--dictionary: expected --replace-unknown with it, got none");
  }
  return {
    beam: values.beam ?? 1,
    lengthPenalty: values["length-penalty"],
    lengthPenaltyOffset: values["length-penalty-offset"],
    coveragePenalty: values["coverage-penalty"],
    noRepeatNgramSize: values["no-repeat-ngram-size"],
    maxLength: values["max-length"],
    replaceUnknown: dictionary === undefined ? replaceUnknown : readDictionary(dictionary),
  };
}

/** Throws `Error` where a model that looks nowhere is to be searched by where it looks. */
export function checkSearch(
  command: string,
  { coveragePenalty, replaceUnknown }: TranslateOptions,
  translator: Pick<TextTranslator, "hasAttention">,
): void {
  if (translator.hasAttention || !(coveragePenalty || replaceUnknown)) return;
  const option = coveragePenalty ? "--coverage-penalty" : "--replace-unknown";
  throw new Error(`${command}: ${option}: expected a model with attention, got one without`);
}

function readDictionary(file: string): ReadonlyMap<string, string> {
  const { bytes } = readInput("--dictionary", file);
  const entries = readLines(bytes, file).map((line, i) => {
    const [source, target, ...more] = line.split("\t");
    if (source && target && more.length === 0) return [source, target] as const;
    throw new Error(`--dictionary: ${file}: expected SOURCE TAB TARGET in line ${i + 1}, got ${show(line)}`);
  });
  return new Map(entries);
}
