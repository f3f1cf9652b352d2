import { evaluateLoss, readParallel, Translator } from "../seq2seq/index.js";
import { readInput } from "./inputs.js";
import { type Command, configOption, UsageError } from "./options.js";
import { jsonLine } from "./plain.js";
import { scoreTexts } from "./score.js";
import { readSearch, searchOptions } from "./searchOptions.js";
import { threadsOption, useThreads } from "./threads.js";

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
    const pairs = readParallel(readInput("evaluate: --src", src), readInput("evaluate: --ref", ref));
    useThreads(values.threads);
    const translator = Translator.load(model);
    const translations = translator.translate(
      pairs.map((pair) => pair.source),
      readSearch(values),
    );
    const references = pairs.map((pair) => pair.target);
    const encoded = pairs.map(({ source, target }) => ({
      source: translator.encodeSource(source),
      target: translator.encodeTarget(target),
    }));
    const loss = evaluateLoss(translator.model, encoded);
    const exact = translations.filter((text, i) => text === references[i]).length;
    const { bleu, chrf } = scoreTexts(translations, references, { tokenize: "13a", lowercase: false });
    if (values.json) {
      process.stdout.write(jsonLine({ sentences: pairs.length, loss, exact, bleu, chrf }));
      return;
    }
    process.stdout.write(
      `sentences  ${pairs.length}\n` +
        `loss       ${loss.toFixed(3)} nats a token (perplexity ${Math.exp(loss).toFixed(2)})\n` +
        `exact      ${exact} (${((100 * exact) / pairs.length).toFixed(1)} %)\n` +
        `BLEU       ${bleu.score.toFixed(2)}  ${bleu.signature}\n` +
        `chrF2      ${chrf.score.toFixed(2)}  ${chrf.signature}\n`,
    );
  },
};
