import { readFileSync } from "node:fs";
import { readLines, Translator } from "../seq2seq/index.js";
import { type Command, UsageError } from "./options.js";

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train` made (required)" },
  "max-length": {
    type: "number",
    value: "N",
    integer: true,
    min: 1,
    help: "at most N tokens a sentence (twice the source and 10)",
  },
} as const;

/** `seqgrad translate` */
export const translate: Command<typeof options> = {
  name: "translate",
  summary: "Translates standard input to standard output, one line in, one line out.",
  usage: "--model DIR < source.txt > target.txt",
  options,
  positionals: [],
  example: '  echo "The cat sleeps." | seqgrad translate --model model',
  async run(values) {
    if (!values.model) throw new UsageError("translate: expected --model DIR, got none");
    const translator = Translator.load(values.model);
    const lines = readLines(readFileSync(process.stdin.fd), "standard input");
    const translations = translator.translate(lines, { maxLength: values["max-length"] });
    process.stdout.write(translations.map((line) => `${line}\n`).join(""));
  },
};
