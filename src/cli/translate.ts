import { readLines, Translator } from "../seq2seq/index.js";
import { type Command, configOption, UsageError } from "./options.js";
import { threadsOption, useThreads } from "./threads.js";

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train` made (required)" },
  beam: { type: "number", value: "N", integer: true, min: 1, help: "hypotheses kept while searching; 1 is greedy (1)" },
  "n-best": {
    type: "number",
    value: "K",
    integer: true,
    min: 1,
    help: "prints the K best, as LINE TAB SCORE TAB TEXT (needs a beam of K or more)",
  },
  "length-penalty": { type: "number", value: "X", min: 0, help: "ranks by log p / length^X (1)" },
  "max-length": {
    type: "number",
    value: "N",
    integer: true,
    min: 1,
    help: "at most N tokens a sentence (twice the source and 10)",
  },
  threads: threadsOption,
  json: { type: "boolean", help: "prints one JSON object for each line" },
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
  example: '  echo "The cat sleeps." | seqgrad translate --model model --beam 5',
  async run(values) {
    if (!values.model) throw new UsageError("translate: expected --model DIR, got none");
    const { beam = 1, "n-best": nBest } = values;
    if (nBest !== undefined && nBest > beam) {
      throw new UsageError(`--n-best: expected at most the beam of ${beam}, got ${nBest}`);
    }
    const search = { beam, lengthPenalty: values["length-penalty"], maxLength: values["max-length"] };
    useThreads(values.threads);
    const translator = Translator.load(values.model);
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk); // reading all at once fails on a pipe that is slow
    const lines = readLines(Buffer.concat(chunks), "standard input");
    const print = (line: string): boolean => process.stdout.write(`${line}\n`);
    if (nBest === undefined) {
      translator.translate(lines, search).forEach((target, i) => {
        print(values.json ? JSON.stringify({ source: lines[i], target }) : target);
      });
      return;
    }
    translator.translateNBest(lines, { ...search, nBest }).forEach((hypotheses, i) => {
      if (values.json) print(JSON.stringify({ source: lines[i], hypotheses }));
      else for (const { text, score } of hypotheses) print(`${i + 1}\t${score.toFixed(4)}\t${text}`);
    });
  },
};
