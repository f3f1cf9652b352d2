import { integer, oneOf } from "../options.js";
import {
  type BleuOptions,
  bleu,
  chrf,
  type PairedScores,
  pairedBootstrap,
  type References,
  readLines,
} from "../seq2seq/index.js";
import { SAMPLES } from "../seq2seq/metrics/bootstrap.js";
import { readInput } from "./inputs.js";
import { type Command, configOption, UsageError, type Values } from "./options.js";
import { jsonLine, plain } from "./plain.js";

/** How BLEU cuts text into tokens. */
export const tokenizeOption = {
  type: "string",
  value: "KIND",
  ...oneOf(["13a", "none"], "13a"),
  help: "BLEU's tokeniser: 13a or none (13a)",
} as const;

const options = {
  tokenize: tokenizeOption,
  lowercase: { type: "boolean", help: "ignores case" },
  compare: {
    type: "string",
    value: "FILE",
    help: "another system's translations: both scores, and whether they differ by chance (paired bootstrap)",
  },
  samples: {
    type: "number",
    value: "N",
    ...SAMPLES,
    help: "how many test sets --compare draws from this one (1000)",
  },
  seed: { type: "number", value: "N", ...integer(0), help: "which ones it draws (12345)" },
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;

/** `seqgrad score` */
export const score: Command<typeof options> = {
  name: "score",
  summary: "Corpus BLEU and chrF of a file of translations, as sacreBLEU defines them, with their signatures.",
  usage: "HYP REF [REF2 …] [options]",
  options,
  positionals: ["HYP", "REF"],
  manyLast: true,
  example: "  npx seqgrad score translations.txt references.txt",
  async run(values, [hypFile, ...refFiles]) {
    const { compare } = values;
    const alone = (["samples", "seed"] as const).find((name) => values[name] !== undefined);
    if (compare === undefined && alone) throw new UsageError(`score: expected --compare with --${alone}, got none`);
    const hypotheses = readSentences(hypFile);
    const references = refFiles.map((file) => readBeside(hypFile, hypotheses, file));
    if (compare === undefined) {
      const scores = scoreTexts(hypotheses, references, readBleuOptions(values));
      process.stdout.write(values.json ? jsonLine(scores) : describe(scores));
    } else {
      const { samples, seed } = values;
      const settings = { ...readBleuOptions(values), samples, seed };
      const scores = pairedBootstrap(hypotheses, readBeside(hypFile, hypotheses, compare), references, settings);
      process.stdout.write(values.json ? jsonLine(scores) : describeComparison(scores, hypFile, compare));
    }
  },
};

/** Both scores of a corpus. */
export function scoreTexts(hypotheses: readonly string[], references: References, settings: BleuOptions) {
  return {
    bleu: bleu(hypotheses, references, settings),
    chrf: chrf(hypotheses, references, { lowercase: settings.lowercase }),
  };
}

/** The library's names for the options. */
function readBleuOptions({ tokenize, lowercase }: Values<typeof options>): BleuOptions {
  return { tokenize: tokenize as BleuOptions["tokenize"], lowercase };
}

function readSentences(file: string): string[] {
  const lines = readLines(readInput("score", file).bytes, file);
  if (lines.length === 0) throw new Error(`score: expected sentences, got ${file}, which is empty`);
  return lines;
}

/** The lines of a file that has as many as the hypotheses' file. */
function readBeside(hypFile: string, hypotheses: readonly string[], file: string): string[] {
  const lines = readSentences(file);
  if (lines.length === hypotheses.length) return lines;
  const counts = `${hypotheses.length} in ${hypFile} and ${lines.length} in ${file}`;
  throw new Error(`score: expected as many lines in both files, got ${counts}`);
}

function describe({ bleu: b, chrf: c }: ReturnType<typeof scoreTexts>): string {
  const precisions = b.precisions.map((precision) => precision.toFixed(1)).join("/");
  const lengths = `BP = ${b.brevityPenalty.toFixed(3)} hyp_len = ${b.hypothesisLength} ref_len = ${b.referenceLength}`;
  return (
    `BLEU|${b.signature} = ${b.score.toFixed(2)} ${precisions} (${lengths})\n` +
    `chrF2|${c.signature} = ${c.score.toFixed(2)}\n`
  );
}

function describeComparison(scores: ReturnType<typeof pairedBootstrap>, hypFile: string, compared: string): string {
  const row = ({ score, mean, ci }: PairedScores["system"], file: string): string =>
    `  ${score.toFixed(2).padStart(6)} (μ = ${mean.toFixed(2)} ± ${ci.toFixed(2)})  ${plain(file)}\n`;
  const block = (name: string, { signature, system, baseline, pValue }: PairedScores): string =>
    `${name}|${signature}\n${row(system, hypFile)}${row(baseline, compared)}  p = ${pValue.toFixed(4)}\n`;
  return block("BLEU", scores.bleu) + block("chrF2", scores.chrf);
}
