import { createInterface } from "node:readline";
import { integer } from "../optim/options.js";
import { readLines, Translator } from "../seq2seq/index.js";
import { type Command, configOption, UsageError } from "./options.js";
import { readSearch, searchOptions } from "./searchOptions.js";
import { threadsOption, useThreads } from "./threads.js";
import { describeUnknown } from "./unknown.js";

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train` made (required)" },
  ...searchOptions,
  "n-best": {
    type: "number",
    value: "K",
    ...integer(1),
    help: "prints the K best, as LINE TAB SCORE TAB TEXT (needs a beam of K or more)",
  },
  threads: threadsOption,
  json: {
    type: "boolean",
    help: "prints one JSON object for each line; `unknown` lists words the model does not know",
  },
  config: configOption,
} as const;

/** `seqgrad translate` */
export const translate: Command<typeof options> = {
  name: "translate",
  summary: "Translates standard input to standard output, one line in, one line out.",
  usage: "--model DIR [options] < source.txt > target.txt",
  options,
  positionals: [],
  readsInput: true,
  example: '  echo "The cat sleeps." | npx seqgrad translate --model my-model --beam 5',
  async run(values) {
    if (!values.model) throw new UsageError("translate: expected --model DIR, got none");
    const search = readSearch(values);
    const { "n-best": nBest } = values;
    if (nBest !== undefined && nBest > (search.beam ?? 1)) {
      throw new UsageError(`--n-best: expected at most the beam of ${search.beam}, got ${nBest}`);
    }
    useThreads(values.threads);
    const translator = Translator.load(values.model);
    /** Prints the translations of lines, the first of which has this number, and returns the words it does not know. */
    const answer = (lines: readonly string[], number: number): string[] => {
      const unknown = lines.map((line) => translator.unknownWords(line));
      const print = (line: string): boolean => process.stdout.write(`${line}\n`);
      const printJSON = (i: number, found: object): boolean =>
        print(JSON.stringify({ source: lines[i], ...found, ...(unknown[i].length > 0 && { unknown: unknown[i] }) }));
      if (nBest === undefined) {
        translator.translate(lines, search).forEach((target, i) => {
          if (values.json) printJSON(i, { target });
          else print(target);
        });
      } else {
        translator.translateNBest(lines, { ...search, nBest }).forEach((hypotheses, i) => {
          if (values.json) printJSON(i, { hypotheses });
          else for (const { text, score } of hypotheses) print(`${number + i}\t${score.toFixed(4)}\t${text}`);
        });
      }
      return unknown.flat();
    };
    const tell = (unknown: readonly string[]): void => {
      if (unknown.length > 0) process.stderr.write(`${describeUnknown(unknown, translator)}\n`);
    };
    if (process.stdin.isTTY) {
      process.stderr.write("one sentence a line, Ctrl-D ends\n");
      let number = 0;
      for await (const line of createInterface({ input: process.stdin })) tell(answer([line], ++number));
      return;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk); // reading all at once fails on a pipe that is slow
    tell(answer(readLines(Buffer.concat(chunks), "standard input"), 1));
  },
};
