import { Worker } from "node:worker_threads";
import type { TranslateOptions } from "../../seq2seq/index.js";
import type { Answer } from "../answers.js";
import type { Asked } from "./asked.js";
import type { Outcome } from "./batcher.js";
import { HttpError } from "./httpError.js";
import type { AnswerMessage, BatchMessage, EngineMessage, TokensMessage } from "./translating.js";

/** One text to be translated, with what its batch has in common. */
export interface Work {
  readonly text: string;
  readonly prefix: string | undefined;
  readonly asked: Pick<Asked, "search" | "isStreamed">;
  /** Told tokens as they are chosen, where that is asked for. */
  readonly onTokens?: (told: Pick<TokensMessage, "tokens" | "text">) => void;
}

/** What the thread is given: options are read once, as a pipe can be. */
export interface EngineData {
  readonly role: "seqgrad serve";
  readonly models: readonly string[] | undefined;
  readonly threads: number | undefined;
  readonly search: TranslateOptions;
  /** One integer in shared memory: 1 once nobody waits for the batch any more. */
  readonly stop: Int32Array;
}

/**
 * The model on a thread of its own, so that however long it computes, the server answers. It runs the same command, which
 * finds there what to do.
 */
export class Engine {
  /** Resolves with the reason when the thread has ended, or cannot begin. */
  readonly ended: Promise<Error>;
  readonly #worker: Worker;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  #receive: (message: EngineMessage) => void = () => {};
  /** Tells the reason to who waits for an answer. */
  #fail: (reason: Error) => void = () => {};

  constructor(file: URL, options: Pick<EngineData, "models" | "threads" | "search">) {
    const workerData: EngineData = { role: "seqgrad serve", stop: this.#stop, ...options };
    const worker = new Worker(file, { argv: ["serve"], workerData });
    this.#worker = worker;
    worker.on("message", (message: EngineMessage) => this.#receive(message));
    this.ended = new Promise((resolve) => {
      const end = (why: string): void => {
        const reason = new Error(`serve: the thread that translates ${why}`);
        this.#fail(reason);
        resolve(reason);
      };
      worker.on("error", (error) => end(`failed: ${error.message}`));
      worker.on("exit", (code) => end(`ended with code ${code}`));
    });
  }

  /** Resolves with what it computes with once it can. Rejects where the model cannot be had. */
  async ready(): Promise<{ readonly kernelSet: string; readonly threads: number }> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#receive = (message) => {
        if (message.kind === "ready") resolve(message);
        if (message.kind === "failed") reject(new Error(message.message));
      };
    });
  }

  /** Translates texts that are searched for alike: one batch at a time. Rejects when the thread has ended. */
  async compute(batch: readonly Work[], signal: AbortSignal): Promise<readonly Outcome<Answer>[]> {
    const [{ asked, prefix }] = batch;
    const message: BatchMessage = {
      texts: batch.map(({ text }) => text),
      prefixes: prefix === undefined ? undefined : batch.map((own) => own.prefix ?? ""),
      search: asked.search,
      isStreamed: asked.isStreamed,
    };
    const answered = new Promise<readonly AnswerMessage[]>((resolve, reject) => {
      this.#fail = reject;
      this.#receive = (told) => {
        if (told.kind === "tokens") batch[told.place].onTokens?.(told);
        if (told.kind === "answers") resolve(told.answers);
      };
    });
    Atomics.store(this.#stop, 0, 0);
    const stop = (): void => void Atomics.store(this.#stop, 0, 1);
    signal.addEventListener("abort", stop);
    this.#worker.postMessage(message);
    try {
      return (await answered).map(outcomeOf);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function outcomeOf(message: AnswerMessage): Outcome<Answer> {
  if ("answer" in message) return { result: message.answer };
  if ("isStopped" in message) return { error: new Error("stopped") };
  return { error: new HttpError(message.isRefusal ? 422 : 500, message.message) };
}
