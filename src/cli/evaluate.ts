import {
  type BleuOptions,
  criterionFor,
  evaluateLoss,
  normalForm,
  preparePairs,
  streamParallel,
  type TextPairs,
  type TranslateOptions,
  Translator,
} from "../seq2seq/index.js";
import { evaluateLabels } from "./evaluateLabels.js";
import { evaluateTranscriber } from "./evaluateTranscriber.js";
import { checkInput } from "./inputs.js";
import { taskOf } from "./modelFiles.js";
import { type Command, configOption, UsageError } from "./options.js";
import { jsonLine } from "./plain.js";
import { scoreTexts, tokenizeOption } from "./score.js";
import { checkSearch, readSearch, searchOptions } from "./searchOptions.js";
import { threadsOption, useThreads } from "./threads.js";
import { describeLeftOut } from "./trainReport.js";

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train` made (required)" },
  src: { type: "string", value: "FILE", help: "source sentences, one a line (required to translate)" },
  ref: {
    type: "string",
    value: "FILE",
    many: true,
    help: "their reference translations (required to translate; again for further ones)",
  },
  list: {
    type: "string",
    value: "FILE",
    help: "in their place, of a model that transcribes: PATH.wav TAB TEXT a line",
  },
  tsv: { type: "string", value: "FILE", help: "of a classifier instead of both: text TAB label on each line" },
  ...searchOptions,
  tokenize: tokenizeOption,
  threads: threadsOption,
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;

/** `seqgrad evaluate` */
export const evaluate: Command<typeof options> = {
  name: "evaluate",
  summary:
    "Translates a file, or transcribes recordings, and scores the result against its references; or scores labels.",
  usage: "--model DIR (--src FILE --ref FILE [--ref FILE2 …] | --list FILE | --tsv FILE) [options]",
  options,
  positionals: [],
  example: "  npx seqgrad evaluate --model my-model --src test.en --ref test.fr --beam 5",
  async run(values) {
    const { model, src, ref, list } = values;
    if (values.tsv !== undefined || (model && (await taskOf(model)) === "classify")) return evaluateLabels(values);
    if (list !== undefined) {
      if (!model || src || ref) throw new UsageError("evaluate: expected --model and --list, or --src and --ref");
      return evaluateTranscriber(model, list, values);
    }
    if (!model || !src || !ref) {
      const missing = (["model", "src", "ref"] as const).filter((name) => !values[name]).map((name) => `no --${name}`);
      throw new UsageError(`evaluate: expected --model, --src and --ref, got ${missing.join(" and ")}`);
    }
    checkInput("evaluate: --src", src);
    for (const file of ref) checkInput("evaluate: --ref", file);
    const search = readSearch(values);
    useThreads(values.threads);
    const translator = Translator.load(model);
    checkSearch("evaluate", search, translator);
    const [texts, ...others] = ref.map((file) => streamParallel(src, file));
    const scores = await evaluatePairs(translator, texts, {
      search,
      others: await Promise.all(others.map(targetsOf)),
      tokenize: values.tokenize as BleuOptions["tokenize"],
    });
    if (values.json) process.stdout.write(jsonLine(scores));
    else process.stdout.write(describe(scores));
    if (scores.criterion === "loss") {
      process.stderr.write("these references are too short or too few for BLEU, which counts four words in a row\n");
    }
  },
};

async function targetsOf(texts: TextPairs): Promise<string[]> {
  const targets: string[] = [];
  for await (const { target } of texts) targets.push(target);
  return targets;
}

/** How {@link evaluatePairs} goes about it. */
interface Evaluation {
  readonly search?: TranslateOptions;
  /** Further references to all pairs, list by list. */
  readonly others?: readonly (readonly string[])[];
  readonly tokenize?: BleuOptions["tokenize"];
}

/**
 * How good a translator is on pairs: on those that a validation counts, and held against references in the form that the
 * translator can write. The loss, and what is left out, are those of the pairs, whatever further references there are.
 * Throws `Error` when none is left.
 */
export async function evaluatePairs(
  translator: Translator,
  texts: TextPairs,
  { search = {}, others = [], tokenize = "13a" }: Evaluation = {},
) {
  const { pairs, kept, empty, tooLong, sourceText, targetText } = await preparePairs(texts, translator, translator);
  if (pairs.length === 0) {
    throw new Error(
      `evaluate: expected at least one pair, got none (${empty} empty and ${tooLong} over-long left out)`,
    );
  }
  const all = Array.from({ length: pairs.length }, (_, i) => i);
  const translations = translator.translate(all.map(sourceText), search);
  const references = [
    all.map(targetText),
    ...others.map((list) => kept.map((line) => normalForm(translator.target, list[line]))),
  ];
  const loss = evaluateLoss(translator.model, pairs);
  const exact = translations.filter((text, i) => references.some((list) => text === list[i])).length;
  const scores = scoreTexts(translations, references, { tokenize });
  // Where BLEU is noise, a reader should know.
  return { sentences: pairs.length, empty, tooLong, loss, exact, criterion: criterionFor(references[0]), ...scores };
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
