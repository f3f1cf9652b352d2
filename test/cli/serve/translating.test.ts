import { EventEmitter } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { expect, test } from "vitest";
import {
  type AnswerMessage,
  type BatchMessage,
  type EngineMessage,
  translateFor,
} from "../../../src/cli/serve/translating.js";
import { loadPretrained } from "../../../src/pretrained/index.js";
import type { TranslateOptions } from "../../../src/seq2seq/index.js";

const translator = loadPretrained();
const stop = new Int32Array(new SharedArrayBuffer(4));

/** The thread's side in this thread: what it sends back for a batch. */
function told(batch: Partial<BatchMessage>, defaults: TranslateOptions = { beam: 1 }): EngineMessage[] {
  const messages: EngineMessage[] = [];
  const port = Object.assign(new EventEmitter(), { postMessage: (message: EngineMessage) => messages.push(message) });
  translateFor(port as unknown as MessagePort, translator, defaults, stop);
  expect(messages.shift()).toMatchObject({ kind: "ready", threads: expect.any(Number) });
  port.emit("message", { texts: [], prefixes: undefined, search: {}, isStreamed: false, ...batch });
  return messages;
}

function answers(batch: Partial<BatchMessage>, defaults?: TranslateOptions): readonly AnswerMessage[] {
  const last = told(batch, defaults).at(-1)!;
  if (last.kind !== "answers") throw new Error(`expected answers, got ${last.kind}`);
  return last.answers;
}

test("a search for which nobody waits any more ends at its next step", () => {
  const texts = ["the cat sleeps", "the dog runs"];
  const whole = answers({ texts, search: { beam: 3 } });
  expect(whole).toMatchObject([{ answer: { target: "Le chat dort." } }, { answer: {} }]);
  Atomics.store(stop, 0, 1);
  try {
    expect(answers({ texts, search: { beam: 3 } })).toEqual([{ isStopped: true }, { isStopped: true }]);
    expect(told({ texts, isStreamed: true })).toHaveLength(1); // no token
  } finally {
    Atomics.store(stop, 0, 0);
  }
  expect(answers({ texts, search: { beam: 3 } })).toEqual(whole);
});

test("a long translation is told in parts that grow, none of it twice", () => {
  const words = "la petite fille voit le chat noir et ".repeat(12).trim().split(" ");
  const all = told({ texts: ["the girl"], prefixes: [words.join(" ")], isStreamed: true }).slice(0, -1);
  const parts = all.map((message) => (message.kind === "tokens" ? message.tokens : []));
  expect(parts.flat().slice(0, words.length)).toEqual(words);
  expect(parts.slice(0, 16).map(({ length }) => length)).toEqual(Array(16).fill(1));
  expect(parts.length).toBeLessThan(64);
  expect(all.at(-1)).toMatchObject({ text: expect.stringContaining(words.join(" ")) });
});

test("what a request leaves out is as the command has it", () => {
  const texts = ["the zorgle sleeps"];
  const search = { replaceUnknown: true };
  const targets = [
    answers({ texts }),
    answers({ texts, search }),
    answers({ texts }, { beam: 1, ...search }),
    answers({ texts, search }, { beam: 1, replaceUnknown: new Map([["zorgle", "zorglon"]]) }),
    answers({ texts, search: { replaceUnknown: false } }, { beam: 1, ...search }),
  ].map(([own]) => ("answer" in own ? own.answer.target : own));
  expect(targets[0]).not.toContain("zorg");
  expect(targets.slice(1)).toEqual(["Le zorgle dort.", "Le zorgle dort.", "Le zorglon dort.", targets[0]]);
});

test("of a batch that cannot be searched, each text alone has its answer or its fault", () => {
  const found = told({
    texts: ["the dog runs", "the cat sleeps"],
    prefixes: ["Le chat dort", "La"],
    search: { maxLength: 2 },
    isStreamed: true,
  });
  const whole = { answer: { source: "the cat sleeps", target: expect.stringMatching(/^La /) } };
  const wrong = {
    isRefusal: true,
    message: expect.stringMatching(/^expected .* at most the maxLength of 2 tokens, got 3$/),
  };
  expect(found.at(-1)).toEqual({ kind: "answers", answers: [wrong, whole] });
  expect(found.slice(0, -1).map((message) => message.kind === "tokens" && message.place)).toEqual([1, 1]);
});
