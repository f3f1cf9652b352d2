import { once } from "node:events";
import { fstatSync } from "node:fs";
import { integer } from "../options.js";
import { blaming } from "../seq2seq/files/blaming.js";
import { LineDecoder, type TextTranslator, Translator, TranslatorEnsemble } from "../seq2seq/index.js";
import { Answers } from "./answers.js";
import { AttentionPicture } from "./attentionPicture.js";
import { type Command, configOption, UsageError } from "./options.js";
import { checkSearch, readSearch, searchOptions } from "./searchOptions.js";
import { StatusLine } from "./statusLine.js";
import { threadsOption, useThreads } from "./threads.js";

const options = {
  model: {
    type: "string",
    value: "DIR",
    many: true,
    help: "a model folder that `train` made (required); given several times, an ensemble of them",
  },
  ...searchOptions,
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
  summary: "Translates standard input to standard output, one line in, one line out, as the lines come.",
  usage: "--model DIR [options] < source.txt > target.txt",
  options,
  positionals: [],
  readsInput: true,
  example: '  echo "The cat sleeps." | npx seqgrad translate --model my-model --beam 5',
  async run(values) {
    if (!values.model) throw new UsageError("translate: expected --model DIR, got none");
    const search = readSearch(values);
    const { "n-best": nBest, json = false, "target-prefix": hasPrefixes = false } = values;
    if (nBest !== undefined && nBest > (search.beam ?? 1)) {
      throw new UsageError(`--n-best: expected at most the beam of ${search.beam}, got ${nBest}`);
    }
    useThreads(values.threads);
    const translator = loadAll(values.model);
    checkSearch("translate", search, translator);
    const answers = new Answers(translator, { search: { ...search, nBest }, json, hasPrefixes });
    const picture = values.attention === undefined ? null : new AttentionPicture(translator, values.attention, answers);
    await answerInput(answers, picture);
  },
};

/** The model of a folder, or the ensemble of several. Throws `Error` naming the folder that does not go with the first. */
function loadAll([folder, ...others]: readonly string[]): TextTranslator {
  const first = Translator.load(folder);
  if (others.length === 0) return first;
  const members = others.map((other) => {
    const member = Translator.load(other);
    blaming(`translate: --model ${other}: `, () => new TranslatorEnsemble([first, member]));
    return member;
  });
  return new TranslatorEnsemble([first, ...members]);
}

/**
 * Answers standard input as it arrives: each chunk is one batch, so that a line that comes alone has its answer at once,
 * and a large file is still translated many lines at a time, without being in memory as a whole.
 */
async function answerInput(answers: Answers, picture: AttentionPicture | null): Promise<void> {
  const { stdin, stdout } = process;
  if (stdin.isTTY) process.stderr.write("one sentence a line, Ctrl-D ends\n");
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
    if (stdin.isTTY) tellUnknown(answers, status);
    // On a terminal the answers themselves show how far it is.
    else if (!stdout.isTTY) status.update(() => describeProgress(answers.count, bytes, performance.now() - began));
  };
  for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    await answer(decoder.push(chunk));
  }
  await answer(decoder.end());
  status.clear();
  tellUnknown(answers, status);
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
