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
} from "../../seq2seq/index.js";
import { checkInput } from "../inputs.js";
import type { Values } from "../options.js";
import { jsonLine } from "../plain.js";
import { scoreTexts, tokenizeOption } from "../score.js";
import { checkSearch, readSearch, searchOptions, unknownOptions } from "../searchOptions.js";
import { useThreads } from "../threads.js";
import { describeLeftOut } from "../trainReport.js";
import type { CommonOptions, Evaluator } from "./evaluator.js";

const options = {
  src: { type: "string", value: "FILE", help: "translate: source sentences, one a line" },
  ref: {
    type: "string",
    value: "FILE",
    many: true,
    help: "translate: their reference translations (again for further ones)",
  },
  ...searchOptions,
  ...unknownOptions,
  tokenize: tokenizeOption,
} as const;

/** `evaluate` of a model that translates. */
export const translation: Evaluator = {
  options,
  needs: ["src", "ref"],
  async run(model, values) {
    const { src = "", ref = [], tokenize, threads, json, ...rest } = values as Values<typeof options & CommonOptions>;
    checkInput("evaluate: --src", src);
    for (const file of ref) checkInput("evaluate: --ref", file);
    const search = readSearch(rest);
    useThreads(threads);
    const translator = Translator.load(model);
    checkSearch("evaluate", search, translator);
    const [texts, ...others] = ref.map((file) => streamParallel(src, file));
    const scores = await evaluatePairs(translator, texts, {
      search,
      others: await Promise.all(others.map(targetsOf)),
      tokenize: tokenize as BleuOptions["tokenize"],
    });
    process.stdout.write(json ? jsonLine(scores) : describe(scores));
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
