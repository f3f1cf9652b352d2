import { once } from "node:events";
import { Classifier, LineDecoder } from "../seq2seq/index.js";
import { unknownWords } from "../seq2seq/text/index.js";
import { show, showName } from "../show.js";
import { namesFile } from "./inputs.js";
import { type Command, configOption, UsageError } from "./options.js";
import { jsonLine, plain } from "./plain.js";
import { threadsOption, useThreads } from "./threads.js";
import { UnknownWords } from "./unknown.js";

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train --task classify` made (required)" },
  threads: threadsOption,
  json: { type: "boolean", help: "prints one JSON object for each text, with the probability of every label" },
  config: configOption,
} as const;

/** `seqgrad classify` */
export const classify: Command<typeof options> = {
  name: "classify",
  summary: "Says what texts or, without any, the lines of standard input are: LABEL TAB PROBABILITY for each.",
  usage: "[TEXT …] --model DIR [options] < texts.txt",
  options,
  positionals: [],
  manyLast: true,
  example: '  npx seqgrad classify "Not worth the money." --model my-model',
  async run({ model, threads, json = false }, texts) {
    if (!model) throw new UsageError("classify: expected --model DIR, got none");
    const file = texts.find(namesFile);
    if (file !== undefined) {
      const hint = `(to read from it: < ${showName(file)})`;
      throw new UsageError(`classify: expected texts, got the file ${show(file)} ${hint}`);
    }
    useThreads(threads);
    const classifier = Classifier.load(model);
    const { language } = classifier;
    if (!language) {
      throw new Error(`classify: expected a classifier of texts, got ${model}, which reads frames`);
    }
    const unknown = new UnknownWords();
    const tellUnknown = (): void => {
      const words = unknown.take(language);
      if (words !== null) process.stderr.write(`${plain(words)}\n`);
    };
    for await (const lines of texts.length > 0 ? [texts] : inputLines()) {
      await print(answer(classifier, lines, json));
      for (const line of lines) unknown.add(unknownWords(language, line));
      if (texts.length === 0 && process.stdin.isTTY) tellUnknown();
    }
    tellUnknown();
  },
};

function answer(classifier: Classifier, texts: readonly string[], json: boolean): string {
  return classifier
    .classify(texts)
    .map(({ label, probability, probabilities }, i) => {
      if (!json) return `${plain(label)}\t${probability.toFixed(4)}\n`;
      const all = Object.fromEntries(classifier.labels.map((each, c) => [each, probabilities[c]]));
      return jsonLine({ text: texts[i], label, probability, probabilities: all });
    })
    .join("");
}

/** Lines of standard input, as they come. */
async function* inputLines(): AsyncGenerator<string[]> {
  const { stdin } = process;
  if (stdin.isTTY) process.stderr.write("one text a line, Ctrl-D ends\n");
  const decoder = new LineDecoder("standard input");
  for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
    yield decoder.push(chunk);
    decoder.check();
  }
  yield decoder.end();
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
