import { characterErrorRate, type ErrorRate, normalForm, Transcriber, wordErrorRate } from "../../seq2seq/index.js";
import type { Values } from "../options.js";
import { jsonLine } from "../plain.js";
import { checkSearch, readSearch, searchOptions } from "../searchOptions.js";
import { useThreads } from "../threads.js";
import { readList } from "../trainers/transcription.js";
import { count } from "../trainReport.js";
import type { CommonOptions, Evaluator } from "./evaluator.js";

const options = {
  list: { type: "string", value: "FILE", help: "transcribe: PATH.wav TAB TEXT a line, paths from the list's folder" },
  ...searchOptions,
} as const;

/** `evaluate` of a model that transcribes: how far what it writes down is from the texts of a list. */
export const transcription: Evaluator = {
  options,
  needs: ["list"],
  async run(model, values) {
    const { list = "", threads, json, ...rest } = values as Values<typeof options & CommonOptions>;
    const { replaceUnknown: _, ...search } = readSearch(rest);
    useThreads(threads);
    const transcriber = Transcriber.load(model);
    checkSearch("evaluate", search, transcriber);
    const utterances = readList("evaluate: --list", list);
    const texts = transcriber.write(
      utterances.map(({ sound }) => transcriber.framesOf(sound)),
      search,
    );
    const references = utterances.map(({ text }) => normalForm(transcriber.language, text));
    const exact = texts.filter((text, i) => text === references[i]).length;
    const [wer, cer] = [wordErrorRate(texts, references), characterErrorRate(texts, references)];
    const percent = ((100 * exact) / texts.length).toFixed(1);
    const lines =
      `recordings            ${count(texts.length)}\n` +
      `exact                 ${count(exact)} (${percent} %)\n` +
      `word error rate       ${describe(wer, "words")}\n` +
      `character error rate  ${describe(cer, "characters")}\n`;
    process.stdout.write(json ? jsonLine({ recordings: texts.length, exact, wer, cer }) : lines);
  },
};

function describe({ score, substitutions, deletions, insertions, length }: ErrorRate, what: string): string {
  const counts = `${count(substitutions)} substituted, ${count(deletions)} missing, ${count(insertions)} too many`;
  return `${score.toFixed(2)} %  (${counts}; ${count(length)} ${what})`;
}
