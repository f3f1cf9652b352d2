import type { MessagePort } from "node:worker_threads";
import type { NBestOptions, TextTranslator, TranslateOptions } from "../../seq2seq/index.js";
import { getNumThreads } from "../../tensor/index.js";
import { kernelSet } from "../../tensor/kernels/index.js";
import { type Answer, answersTo } from "../answers.js";
import type { Asked } from "./asked.js";

/** What the thread that translates is sent: texts that are searched for alike. */
export type BatchMessage = Asked;

/** What a text that is being translated has more, and all of it up to there. */
export interface TokensMessage {
  readonly kind: "tokens";
  readonly place: number;
  readonly tokens: readonly string[];
  readonly text: string;
}

/** Of a translation of so many tokens the next part that is told has the number divided by this: one by one, of few. */
const PART = 16;

/** What came of a text: why it cannot be translated, and whether that is the fault of who asked. */
export type AnswerMessage =
  | { readonly answer: Answer }
  | { readonly message: string; readonly isRefusal: boolean }
  | { readonly isStopped: true };

/** What it sends back. */
export type EngineMessage =
  | { readonly kind: "ready"; readonly kernelSet: string; readonly threads: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "answers"; readonly answers: readonly AnswerMessage[] }
  | TokensMessage;

/** Thrown by a search for which nobody waits any more. */
class Stopped extends Error {}

/** Answers each batch that comes through the port. `stop`, shared with who sends them, is 1 once nobody waits for one. */
export function translateFor(
  port: MessagePort,
  translator: TextTranslator,
  defaults: TranslateOptions,
  stop: Int32Array,
): void {
  const send = (message: EngineMessage): void => port.postMessage(message);
  port.on("message", (batch: BatchMessage) => {
    send({ kind: "answers", answers: answersOf(translator, defaults, batch, stop, send) });
  });
  send({ kind: "ready", kernelSet, threads: getNumThreads() });
}

function answersOf(
  translator: TextTranslator,
  defaults: TranslateOptions,
  batch: BatchMessage,
  stop: Int32Array,
  send: (message: TokensMessage) => void,
): AnswerMessage[] {
  const { texts, prefixes } = batch;
  try {
    const search = searchOf(defaults, batch, stop, send);
    return answersTo(translator, texts, search).map((answer) => ({ answer }));
  } catch (error) {
    if (error instanceof Stopped) return texts.map(() => ({ isStopped: true }));
    if (texts.length === 1) return [refusalOf(error as Error)];
    // One of them is to blame, and the others have their answers.
    return texts.flatMap((text, place) => {
      const alone = { ...batch, texts: [text], prefixes: prefixes && [prefixes[place]] };
      return answersOf(translator, defaults, alone, stop, (told) => send({ ...told, place }));
    });
  }
}

/** What an error says of a text that was translated alone, where it was the first one. */
function refusalOf(error: Error): AnswerMessage {
  const expected = /^\w+: (expected .*?)( at 0)?$/s.exec(error.message);
  const isRefusal = (error instanceof RangeError || error instanceof TypeError) && expected !== null;
  return { message: isRefusal ? expected[1] : error.message, isRefusal };
}

function searchOf(
  defaults: TranslateOptions,
  { texts, prefixes, search, isStreamed }: BatchMessage,
  stop: Int32Array,
  send: (message: TokensMessage) => void,
): NBestOptions {
  const { replaceUnknown } = search;
  const all: NBestOptions = {
    ...defaults,
    ...search,
    // Who wants it has the command's dictionary, if there is one.
    replaceUnknown: replaceUnknown === false ? false : defaults.replaceUnknown || replaceUnknown,
    ...(prefixes && { targetPrefixes: prefixes }),
  };
  // Greedy search is short, and without being asked at each step shorter.
  if (all.beam === 1 && !isStreamed) return all;
  const steps = texts.map(() => 0);
  const told = texts.map(() => 0);
  return {
    ...all,
    onStep(running) {
      if (Atomics.load(stop, 0) === 1) throw new Stopped();
      if (!isStreamed) return;
      for (const { place, soFar } of running) {
        // A text of thousands of characters, told with each of them, would be gigabytes.
        if (++steps[place] < told[place] + Math.max(1, told[place] / PART)) continue;
        const { tokens, text } = soFar();
        if (tokens.length > told[place]) send({ kind: "tokens", place, tokens: tokens.slice(told[place]), text });
        told[place] = tokens.length;
      }
    },
  };
}
