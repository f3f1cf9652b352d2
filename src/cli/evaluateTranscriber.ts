import { characterErrorRate, type ErrorRate, normalForm, Transcriber, wordErrorRate } from "../seq2seq/index.js";
import { UsageError, type Values } from "./options.js";
import { jsonLine } from "./plain.js";
import { checkSearch, readSearch, type searchOptions } from "./searchOptions.js";
import { type threadsOption, useThreads } from "./threads.js";
import { readList } from "./trainers/transcription.js";
import { count } from "./trainReport.js";

type Options = typeof searchOptions & { readonly threads: typeof threadsOption };
interface Given extends Values<Options> {
  readonly tokenize?: string;
  readonly json?: boolean;
}

/** `evaluate --list`: writes down what is said in the recordings of a list, and prints how far that is from its texts. */
export function evaluateTranscriber(model: string, list: string, values: Given): void {
  if (values.tokenize !== undefined) throw new UsageError("evaluate: expected no --tokenize with --list, got one");
  const { replaceUnknown, ...search } = readSearch(values);
  if (replaceUnknown) throw new UsageError("evaluate: expected no --replace-unknown with --list, got one");
  useThreads(values.threads);
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
  process.stdout.write(values.json ? jsonLine({ recordings: texts.length, exact, wer, cer }) : lines);
}

function describe({ score, substitutions, deletions, insertions, length }: ErrorRate, what: string): string {
  const counts = `${count(substitutions)} substituted, ${count(deletions)} missing, ${count(insertions)} too many`;
  return `${score.toFixed(2)} %  (${counts}; ${count(length)} ${what})`;
}
