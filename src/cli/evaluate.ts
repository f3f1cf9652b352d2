import {
  type BeamOptions,
  criterionFor,
  evaluateLoss,
  preparePairs,
  streamParallel,
  type TextPairs,
  Translator,
} from "../seq2seq/index.js";
import { checkInput } from "./inputs.js";
import { type Command, configOption, UsageError } from "./options.js";
import { jsonLine } from "./plain.js";
import { scoreTexts } from "./score.js";
import { readSearch, searchOptions } from "./searchOptions.js";
import { threadsOption, useThreads } from "./threads.js";
import { describeLeftOut } from "./trainReport.js";

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train` made (required)" },
  src: { type: "string", value: "FILE", help: "source sentences, one a line (required)" },
  ref: { type: "string", value: "FILE", help: "their reference translations (required)" },
  ...searchOptions,
  threads: threadsOption,
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;

/** `seqgrad evaluate` */
export const evaluate: Command<typeof options> = {
  name: "evaluate",
  summary: "Translates a file, and scores the result against its references.",
  usage: "--model DIR --src FILE --ref FILE [options]",
  options,
  positionals: [],
  example: "  npx seqgrad evaluate --model my-model --src test.en --ref test.fr --beam 5",
  async run(values) {
    const { model, src, ref } = values;
    if (!model || !src || !ref) {
      const missing = (["model", "src", "ref"] as const).filter((name) => !values[name]).map((name) => `no --${name}`);
      throw new UsageError(`evaluate: expected --model, --src and --ref, got ${missing.join(" and ")}`);
    }
    const texts = streamParallel(checkInput("evaluate: --src", src), checkInput("evaluate: --ref", ref));
    useThreads(values.threads);
    const translator = Translator.load(model);
    const scores = await evaluatePairs(translator, texts, readSearch(values));
    if (values.json) process.stdout.write(jsonLine(scores));
    else process.stdout.write(describe(scores));
    if (scores.criterion === "loss") {
      process.stderr.write("these references are too short or too few for BLEU, which counts four words in a row\n");
    }
  },
};

/**
 * How good a translator is on pairs: on those that a validation counts, and held against references in the form that the
 * translator can write. Throws `Error` when none is left.
 */
export async function evaluatePairs(translator: Translator, texts: TextPairs, search: BeamOptions = {}) {
  const { pairs, empty, tooLong, sourceText, targetText } = await preparePairs(texts, translator, translator);
  if (pairs.length === 0) {
    throw new Error(
      `evaluate: expected at least one pair, got none (${empty} empty and ${tooLong} over-long left out)`,
    );
  }
  const all = Array.from({ length: pairs.length }, (_, i) => i);
  const translations = translator.translate(all.map(sourceText), search);
  const references = all.map(targetText);
  const loss = evaluateLoss(translator.model, pairs);
  const exact = translations.filter((text, i) => text === references[i]).length;
  const scores = scoreTexts(translations, references, { tokenize: "13a", lowercase: false });
  // Where BLEU is noise, a reader should know.
  return { sentences: pairs.length, empty, tooLong, loss, exact, criterion: criterionFor(references), ...scores };
}

function describe(scores: Awaited<ReturnType<typeof evaluatePairs>>): string {
  const { sentences, loss, exact, bleu, chrf } = scores;
  return (
    `sentences  ${sentences}${describeLeftOut(scores)}\n` +
    `loss       ${loss.toFixed(3)} nats a token (perplexity ${Math.exp(loss).toFixed(2)})\n` +
    `exact      ${exact} (${((100 * exact) / sentences).toFixed(1)} %)\n` +
    `BLEU       ${bleu.score.toFixed(2)}  ${bleu.signature}\n` +
    `chrF2      ${chrf.score.toFixed(2)}  ${chrf.signature}\n`
  );
}
