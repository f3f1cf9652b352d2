import { integer, integerUpTo } from "../options.js";
import { TextGenerator } from "../seq2seq/index.js";
import { samplingOptions } from "../seq2seq/search/sampling.js";
import { Generator } from "../tensor/index.js";
import { type Command, configOption, UsageError } from "./options.js";
import { jsonLine, plain } from "./plain.js";
import { threadsOption, useThreads } from "./threads.js";
import { UnknownWords } from "./unknown.js";

const { temperature, topK, topP } = samplingOptions;
const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train --task generate` made (required)" },
  context: { type: "string", value: "TEXT", help: "what to go on from (else a new line)" },
  length: { type: "number", value: "N", ...integer(1), help: "tokens to write (200)" },
  count: { type: "number", value: "N", ...integerUpTo(1_000_000, 1), help: "how many texts to write (1)" },
  temperature: { type: "number", value: "X", ...temperature, help: "below 1 bolder, above 1 wilder (1)" },
  "top-k": { type: "number", value: "K", ...topK, help: "draw from the K likeliest tokens only" },
  "top-p": {
    type: "number",
    value: "P",
    ...topP,
    help: "draw from the fewest tokens that together have this probability (1)",
  },
  seed: { type: "number", value: "N", ...integer(0), help: "the same seed gives the same text (0)" },
  threads: threadsOption,
  json: { type: "boolean", help: "prints each text as a JSON object" },
  config: configOption,
} as const;

/** `seqgrad generate` */
export const generate: Command<typeof options> = {
  name: "generate",
  summary: "Goes on with a text.",
  usage: "--model DIR [--context TEXT] [options]",
  options,
  positionals: [],
  example: '  npx seqgrad generate --model my-model --context "To be, or " --length 300 --temperature 0.8',
  async run(values) {
    const { model, context = "", length = 200, count = 1, seed = 0, json = false } = values;
    if (!model) throw new UsageError("generate: expected --model DIR, got none");
    useThreads(values.threads);
    const generator = TextGenerator.load(model);
    const texts = generator.generate(new Array<string>(count).fill(context), {
      ...{ length, temperature: values.temperature, topK: values["top-k"], topP: values["top-p"] },
      generator: new Generator(seed),
    });
    const unknown = new UnknownWords();
    unknown.add(generator.unknownWords(context));
    const words = unknown.take(generator.language);
    if (words !== null) process.stderr.write(`${plain(words)}\n`);
    for (const text of texts) process.stdout.write(json ? jsonLine({ context, text }) : `${plain(context + text)}\n`);
  },
};
