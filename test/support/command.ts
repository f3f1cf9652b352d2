import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { TextPair } from "../../src/seq2seq/data/readPairs.js";
import { commandFile } from "./build.js";

/** Runs `seqgrad` with the given arguments to its end. */
export function seqgrad(
  args: readonly string[],
  input: string | Uint8Array = "",
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile, ...args], {
    input,
    encoding: "utf8",
    timeout: 30_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** How a {@link Running} is started. */
interface Start {
  /** What runs instead of the command. */
  readonly file?: string;
  readonly cwd?: string;
  /** Whether it takes its standard input for a terminal. */
  readonly typing?: boolean;
}

/** A `seqgrad` that is still running. */
export class Running {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  out = "";
  err = "";
  /** Resolves with exit code and signal. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;

  constructor(args: readonly string[], { file = commandFile, cwd, typing = false }: Start = {}) {
    const before = typing ? ["--import", "data:text/javascript,process.stdin.isTTY = true"] : [];
    this.process = spawn(process.execPath, [...before, file, ...args], { cwd, stdio: ["pipe", "pipe", "pipe"] });
    this.process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.out += text;
    });
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => this.process.on("close", (code, signal) => resolve({ code, signal })));
  }

  /** Resolves once standard error holds this text; throws when the process ends without it. */
  says(text: string): Promise<void> {
    return this.#holds("err", text);
  }

  /** The same of standard output. */
  prints(text: string): Promise<void> {
    return this.#holds("out", text);
  }

  async #holds(stream: "out" | "err", text: string): Promise<void> {
    let isOver = false;
    void this.ended.then(() => {
      isOver = true;
    });
    while (!this[stream].includes(text)) {
      if (isOver) throw new Error(`the process ended without saying "${text}", but:\n${this[stream]}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

export function writeTsv(path: string, pairs: readonly TextPair[]): void {
  writeFileSync(path, pairs.map(({ source, target }) => `${source}\t${target}\n`).join(""));
}
