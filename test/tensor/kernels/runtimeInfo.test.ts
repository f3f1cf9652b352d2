import type { Worker as NodeWorker, WorkerOptions } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { kernelSets } from "../../../src/tensor/kernels/index.js";
import { LEFT, RUNNING } from "../../../src/tensor/kernels/wasm/mailbox.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.resetModules();
});

/** The kernels as a fresh import finds them, whatever this process asks for. */
async function start(kernels = "", threads = "") {
  vi.stubEnv("SEQGRAD_KERNELS", kernels);
  vi.stubEnv("SEQGRAD_THREADS", threads);
  vi.resetModules();
  return import("../../../src/tensor/kernels/index.js");
}

/** A product that is large enough to be shared; throws when a number of it is wrong. */
function multiply({ kernels }: Awaited<ReturnType<typeof start>>): void {
  const n = 300;
  const [c, ones] = [new Float32Array(n * n), new Float32Array(n * n).fill(1)];
  kernels.matmul(c, ones, ones, n, n, n);
  if (c.some((value) => value !== n)) throw new Error("a wrong product");
}

/** Lets the kernels have this in the place of Node's `Worker`. */
function replaceWorker(make: (Worker: typeof NodeWorker) => unknown): void {
  const real = process.getBuiltinModule("node:worker_threads");
  vi.spyOn(process, "getBuiltinModule").mockReturnValue({ ...real, Worker: make(real.Worker) } as typeof real);
}

/** Workers that run this instead. */
function replaceCode(code: string): void {
  replaceWorker(
    (Worker) =>
      class extends Worker {
        constructor(_: string, options: WorkerOptions) {
          super(code, options);
        }
      },
  );
}

describe("runtimeInfo", () => {
  it("names the set and the threads, and has nothing to add where all is well", async () => {
    const { kernelSet, kernelSets, runtimeInfo } = await start();
    const { notes, ...rest } = runtimeInfo();
    expect(rest).toEqual({ kernelSet, numThreads: 1, runningThreads: 1 });
    expect(kernelSet).toBe(kernelSets[0]);
    expect(notes).toEqual(kernelSet === "fma" ? [] : [expect.stringMatching(/^Kernel set (simd|js): there is no/)]);
  });

  it.skipIf(!kernelSets.includes("fma"))("takes fma only where it rounds once", async () => {
    const { Instance } = WebAssembly;
    const rounding = class {
      readonly exports: WebAssembly.Exports;
      constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
        const { exports } = new Instance(module, imports);
        this.exports = imports ? exports : { f: (a: number, b: number, c: number) => Math.fround(a * b) + c };
      }
    };
    vi.stubGlobal(
      "WebAssembly",
      new Proxy(WebAssembly, { get: (all, name) => (name === "Instance" ? rounding : Reflect.get(all, name)) }),
    );
    const { kernelSets, runtimeInfo } = await start();
    expect(kernelSets).toEqual(["simd", "js"]);
    expect(runtimeInfo().notes).toEqual(["Kernel set simd: there is no fused multiply-add in WebAssembly here."]);
  });

  it("says that the environment asked for less", async () => {
    const { runtimeInfo } = await start("js", "2");
    expect(runtimeInfo()).toEqual({
      ...{ kernelSet: "js", numThreads: 2, runningThreads: 1 },
      notes: ["Kernel set js: SEQGRAD_KERNELS asks for it.", "Threads: 1 runs: the kernel set js has no more."],
    });
  });

  it("works, and says so, where the environment may not be read", async () => {
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new Error("Requires env access");
        },
      },
    );
    vi.stubGlobal("process", { getBuiltinModule: process.getBuiltinModule, env });
    vi.resetModules();
    const { kernelSet, kernelSets, runtimeInfo } = await import("../../../src/tensor/kernels/index.js");
    vi.unstubAllGlobals();
    expect(kernelSet).toBe(kernelSets[0]);
    expect(runtimeInfo().notes.join()).toMatch(/SEQGRAD_THREADS is not read.*SEQGRAD_KERNELS is not read/);
  });

  it("refuses an environment's wrong number of threads by its name", async () => {
    await expect(start("", "many")).rejects.toThrow("SEQGRAD_THREADS: expected 1 to 64, got many");
  });
});

describe.skipIf(!kernelSets.includes("simd"))("runtimeInfo of a page", () => {
  it("whose policy forbids WebAssembly", async () => {
    const { CompileError } = WebAssembly;
    vi.stubGlobal("WebAssembly", {
      ...{ validate: WebAssembly.validate, Memory: WebAssembly.Memory },
      Module: class {
        constructor() {
          throw new CompileError("violates the following Content Security Policy directive …");
        }
      },
    });
    const all = await start();
    multiply(all);
    expect(await all.startThreads(2)).toEqual({
      ...{ kernelSet: "js", numThreads: 2, runningThreads: 1 },
      notes: [
        "Kernel set js: the content-security policy forbids WebAssembly: expected script-src to have 'wasm-unsafe-eval'.",
        "Threads: 1 runs: the kernel set js has no more.",
      ],
    });
  });

  it("that is not cross-origin isolated", async () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    vi.stubGlobal("crossOriginIsolated", false);
    const all = await start();
    const why = /^Threads: 1 runs: the page is not cross-origin isolated.*Cross-Origin-Opener-Policy: same-origin/;
    all.setNumThreads(2);
    expect(all.runtimeInfo()).toMatchObject({ numThreads: 2, runningThreads: 1 });
    expect(all.runtimeInfo().notes.at(-1)).toMatch(why);
    multiply(all);
    expect(all.runtimeInfo().notes.at(-2)).toBe("Memory: 512 MiB that cannot grow, as it is not shared.");
    const { numThreads, notes } = await all.startThreads(2);
    expect(numThreads).toBe(1);
    expect(notes.at(-1)).toMatch(why);
  });
});

describe.skipIf(!kernelSets.includes("simd"))("startThreads", () => {
  it("resolves when they run", async () => {
    const all = await start();
    all.setNumThreads(2);
    expect(all.runtimeInfo().notes.at(-1)).toBe("Threads: 1 runs: more start with the first large kernel.");
    expect(await all.startThreads(3)).toMatchObject({ numThreads: 3, runningThreads: 3 });
    expect(await all.startThreads(2)).toMatchObject({ numThreads: 2, runningThreads: 2 });
    expect(all.runtimeInfo().notes.join()).not.toContain("Threads");
    multiply(all);
    expect(await all.startThreads(1)).toMatchObject({ numThreads: 1, runningThreads: 1 });
    await expect(all.startThreads(0)).rejects.toThrow("setNumThreads: expected 1 to 64, got 0");
  });

  it.each(["cannot be made", "throws as it begins", "ends"])("goes on with one when a worker %s", async (how) => {
    const all = await start();
    if (how === "cannot be made") {
      replaceWorker(
        () =>
          class {
            constructor() {
              throw new Error("no worker for you.");
            }
          },
      );
    } else replaceCode(how === "ends" ? "" : `throw new Error("no worker for you.")`);
    const { notes, ...rest } = await all.startThreads(2);
    expect(rest).toMatchObject({ numThreads: 1, runningThreads: 1 });
    expect(notes.at(-1)).toMatch(
      how === "ends" ? /Threads: 1 runs: a worker failed: it ended\.$/ : /no worker for you\.$/,
    );
    multiply(all);
    vi.restoreAllMocks();
    expect(await all.startThreads(2)).toMatchObject({ runningThreads: 2 });
    multiply(all);
  });

  it("gives up on workers that never begin", async () => {
    const all = await start();
    replaceCode("setInterval(() => {}, 1000)");
    let now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => (now += 1000));
    const { notes } = await all.startThreads(2);
    expect(notes.at(-1)).toBe("Threads: 1 runs: workers did not start within 10 s.");
    multiply(all);
  });

  it("goes on with one after a worker ended that ran", async () => {
    const all = await start();
    const made: NodeWorker[] = [];
    replaceWorker(
      (Worker) =>
        class extends Worker {
          constructor(code: string, options: WorkerOptions) {
            super(code, options);
            made.push(this);
          }
        },
    );
    expect(await all.startThreads(2)).toMatchObject({ runningThreads: 2 });
    await made[0].terminate();
    for (let i = 0; i < 20; i++) multiply(all);
    expect(all.runtimeInfo()).toMatchObject({ numThreads: 1, runningThreads: 1 });
    expect(all.runtimeInfo().notes.at(-1)).toBe("Threads: 1 runs: a worker failed: it ended.");
  });

  it("does not hang, on a thread that may not sleep either, when a worker takes work and never finishes it", async () => {
    const all = await start();
    replaceCode(`
      const { memory, at } = require("node:worker_threads").workerData;
      const ints = new Int32Array(memory.buffer, at, 16);
      Atomics.add(ints, ${RUNNING}, 1);
      for (;;) if (Atomics.load(ints, ${LEFT}) > 0 && Atomics.sub(ints, ${LEFT}, 1) > 0) break;
      Atomics.wait(ints, 15, 0);`);
    vi.spyOn(Atomics, "wait").mockImplementation(() => {
      throw new TypeError("Atomics.wait cannot be called in this context");
    });
    expect(await all.startThreads(2)).toMatchObject({ runningThreads: 2 });
    let now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => (now += 100));
    expect(() => {
      for (let i = 0; i < 1000; i++) multiply(all);
    }).toThrow(/kernels: \w+: expected every worker thread to finish its part, got one that did not/);
    const notes = all.runtimeInfo().notes;
    expect(notes.at(-1)).toMatch(/^Threads: 1 runs: a worker did not finish its part of \w+\.$/);
    multiply(all);
    vi.restoreAllMocks();
    expect(await all.startThreads(2)).toMatchObject({ runningThreads: 2, notes: all.runtimeInfo().notes });
    multiply(all);
  });
});
