import { oneOf } from "../options.js";
import { type BleuOptions, bleu, chrf, readLines } from "../seq2seq/index.js";
import { readInput } from "./inputs.js";
import { type Command, configOption } from "./options.js";
import { jsonLine } from "./plain.js";

const options = {
  tokenize: {
    type: "string",
    value: "KIND",
    ...oneOf(["13a", "none"], "13a"),
    help: "BLEU's tokeniser: 13a or none (13a)",
  },
  lowercase: { type: "boolean", help: "ignores case" },
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;

/** `seqgrad score` */
export const score: Command<typeof options> = {
  name: "score",
  summary: "Corpus BLEU and chrF of a file of translations, as sacreBLEU defines them, with their signatures.",
  usage: "HYP REF [options]",
  options,
  positionals: ["HYP", "REF"],
  example: "  npx seqgrad score translations.txt references.txt",
  async run(values, [hypFile, refFile]) {
    const [hypotheses, references] = [hypFile, refFile].map((file) => {
      const lines = readLines(readInput("score", file).bytes, file);
      if (lines.length === 0) throw new Error(`score: expected sentences, got ${file}, which is empty`);
      return lines;
    });
    if (hypotheses.length !== references.length) {
      const counts = `${hypotheses.length} in ${hypFile} and ${references.length} in ${refFile}`;
      throw new Error(`score: expected as many lines in both files, got ${counts}`);
    }
    const settings = { tokenize: (values.tokenize ?? "13a") as "13a" | "none", lowercase: values.lowercase ?? false };
    const scores = scoreTexts(hypotheses, references, settings);
    if (values.json) process.stdout.write(jsonLine(scores));
    else {
      const { bleu: b, chrf: c } = scores;
      const precisions = b.precisions.map((precision) => precision.toFixed(1)).join("/");
      const lengths = `BP = ${b.brevityPenalty.toFixed(3)} hyp_len = ${b.hypothesisLength} ref_len = ${b.referenceLength}`;
      process.stdout.write(`BLEU|${b.signature} = ${b.score.toFixed(2)} ${precisions} (${lengths})\n`);
      process.stdout.write(`chrF2|${c.signature} = ${c.score.toFixed(2)}\n`);
    }
  },
};

/** Both scores of a corpus. */
export function scoreTexts(hypotheses: readonly string[], references: readonly string[], settings: BleuOptions) {
  return {
    bleu: bleu(hypotheses, references, settings),
    chrf: chrf(hypotheses, references, { lowercase: settings.lowercase }),
  };
}
