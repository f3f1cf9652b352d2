import { once } from "node:events";
import { fstatSync } from "node:fs";
import { integer } from "../options.js";
import { LineDecoder } from "../seq2seq/index.js";
import { show, showName } from "../show.js";
import { Answers } from "./answers.js";
import { AttentionPicture } from "./attentionPicture.js";
import { namesFile } from "./inputs.js";
import { type Command, configOption, UsageError } from "./options.js";
import { checkSearch, readSearch, searchOptions, unknownOptions } from "./searchOptions.js";
import { StatusLine } from "./statusLine.js";
import { threadsOption, useThreads } from "./threads.js";
import { modelsOption, openTranslator } from "./translators.js";

const options = {
  model: modelsOption,
  ...searchOptions,
  ...unknownOptions,
  "n-best": {
    type: "number",
    value: "K",
    ...integer(1),
    help: "prints the K best, as LINE TAB SCORE TAB TEXT (needs a beam of K or more)",
  },
  "target-prefix": {
    type: "boolean",
    help: "each line is SOURCE TAB PREFIX: its translation begins with the prefix",
  },
  attention: {
    type: "string",
    value: "FILE.svg",
    help: "draws where the model looks while it translates the first sentence",
  },
  threads: threadsOption,
  json: {
    type: "boolean",
    help: "prints one JSON object for each line: words the model does not know too and, with --n-best, scores and alignments",
  },
  config: configOption,
} as const;

/** `seqgrad translate` */
export const translate: Command<typeof options> = {
  name: "translate",
  summary:
    "Translates texts or, without any, standard input to standard output, one line in, one line out, as they come.",
  usage: "[TEXT …] [--model DIR] [options] < source.txt > target.txt",
  options,
  positionals: [],
  manyLast: true,
  example: '  npx seqgrad translate "the black cat is sleeping"',
  async run(values, texts) {
    const file = texts.find(namesFile);
    if (file !== undefined) {
      throw new UsageError(
        `translate: expected texts, got the file ${show(file)} (to read from it: < ${showName(file)})`,
      );
    }
    // What it was trained on writes a name that nobody knows as it is.
    const search = readSearch({ ...values, "replace-unknown": values["replace-unknown"] ?? !values.model });
    const { "n-best": nBest, json = false, "target-prefix": hasPrefixes = false } = values;
    if (nBest !== undefined && nBest > (search.beam ?? 1)) {
      throw new UsageError(`--n-best: expected at most the beam of ${search.beam}, got ${nBest}`);
    }
    useThreads(values.threads);
    const translator = await openTranslator("translate", values.model);
    checkSearch("translate", search, translator);
    const called = texts.length > 0 ? "text" : "standard input: line";
    const answers = new Answers(translator, { search: { ...search, nBest }, json, hasPrefixes, called });
    const picture = values.attention === undefined ? null : new AttentionPicture(translator, values.attention, answers);
    await answerAll(texts, answers, picture);
  },
};

/**
 * Answers texts or, where there are none, standard input as it arrives: each chunk is one batch, so that a line that comes
 * alone has its answer at once, and a large file is still translated many lines at a time, without being in memory as a
 * whole.
 */
async function answerAll(texts: readonly string[], answers: Answers, picture: AttentionPicture | null): Promise<void> {
  const { stdin, stdout } = process;
  const isInput = texts.length === 0;
  if (isInput && stdin.isTTY) process.stderr.write("one sentence a line, Ctrl-D ends\n");
  const status = new StatusLine();
  const decoder = new LineDecoder("standard input");
  const began = performance.now();
  let bytes = 0;
  const answer = async (lines: readonly string[]): Promise<void> => {
    for (const warning of answers.warnings(lines)) status.note(warning);
    for (const text of answers.to(lines)) {
      status.clear();
      if (!stdout.write(text)) await once(stdout, "drain");
    }
    const drawn = picture?.see(lines);
    if (drawn) status.note(drawn);
    if (!isInput) return;
    if (stdin.isTTY) tellUnknown(answers, status);
    // On a terminal the answers themselves show how far it is.
    else if (!stdout.isTTY) status.update(() => describeProgress(answers.count, bytes, performance.now() - began));
  };
  if (isInput) {
    for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      await answer(decoder.push(chunk));
      decoder.check();
    }
    await answer(decoder.end());
  } else await answer(texts);
  status.clear();
  tellUnknown(answers, status);
  const undrawn = picture?.end();
  if (undrawn) status.note(undrawn);
}

function tellUnknown(answers: Answers, status: StatusLine): void {
  const words = answers.takeUnknown();
  if (words !== null) status.note(words);
}

/** `5,600 lines (41 %), 320 a second`; the part done is known of a file alone. */
function describeProgress(lines: number, bytes: number, ms: number): string {
  const input = fstatSync(0);
  const part = input.isFile() && input.size > 0 ? ` (${Math.floor((100 * bytes) / input.size)} %)` : "";
  const speed = Math.round((1000 * lines) / ms).toLocaleString("en");
  return `${lines.toLocaleString("en")} lines${part}, ${speed} a second`;
}
