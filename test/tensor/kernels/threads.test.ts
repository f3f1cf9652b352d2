import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import { getNumThreads, kernelSets, setNumThreads } from "../../../src/tensor/kernels/index.js";
import { type NativeSet, nativeKernels } from "../../../src/tensor/kernels/wasm/index.js";
import { WasmMemory } from "../../../src/tensor/wasmMemory.js";
import { numbers } from "./support.js";

afterEach(() => setNumThreads(1));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(["simd", "fma"] as NativeSet[])("threads (%s)", (set) => {
  it.skipIf(!kernelSets.includes(set))("change no bit of any kernel they share", async () => {
    const memory = new WasmMemory();
    const { threads, ...kernels } = nativeKernels(set, memory);
    const [m, k, n] = [133, 130, 301];
    const rows = 2000;
    const a = numbers(m * k, 1);
    const b = numbers(k * n, 2);
    const wide = numbers(rows * 40 * 4, 3);
    const targets = Int32Array.from({ length: rows }, (_, i) => (i % 41) - 1);

    const everything = (): Record<string, Buffer> => {
      const results: Record<string, Buffer> = {};
      const keep = (name: string, length: number, run: (out: Float32Array) => void): void => {
        const out = numbers(length, 4);
        run(out);
        results[name] = Buffer.from(out.slice().buffer);
      };
      keep("matmul", m * n, (c) => kernels.matmul(c, a, b, m, k, n));
      keep("matmul of many rows", 4000 * 30, (c) => kernels.matmul(c, wide, b, 4000, 40, 30));
      keep("matmulNT", m * n, (c) => kernels.matmulNT(c, a, b, m, k, n));
      keep("matmulTN", m * n, (c) => kernels.matmulTN(c, a, b, m, k, n));
      keep("matmulPacked", m * n, (c) => kernels.matmulPacked(c, a, kernels.pack(b, k, n), m));
      keep("sum of columns", 200, (out) => kernels.sum(out, wide.subarray(0, rows * 100), 1, rows / 2, 200));
      keep("sums of rows", rows, (out) => kernels.sum(out, wide, rows, 160, 1));
      keep("from a row", m * n, (c) => kernels.matmulNT(c, a, b, m, k, n, wide.subarray(0, n)));
      keep("Aᵀ · B from a row", m * n, (c) => kernels.matmulTN(c, a, b, m, k, n, wide.subarray(0, n)));
      keep("short sums from a row", m * n, (c) => kernels.matmulTN(c, a, b, m, 9, n, wide.subarray(0, n)));
      const picked = Int32Array.from({ length: rows }, (_, i) => (i * 37) % 500);
      const some = Int32Array.from({ length: 499 }, (_, i) => 499 - i);
      const table = wide.subarray(0, 500 * 160);
      keep("gatherRows", rows * 160, (y) => kernels.gatherRows(y, table, picked, 160));
      keep("scatterAddRows", 500 * 160, (dx) => kernels.scatterAddRows(dx, wide, picked, 160));
      keep("tanh", 80_003, (y) => kernels.tanh(y, wide.subarray(0, 80_003)));
      keep("addScaled", 80_003, (dx) => kernels.addScaled(dx, wide.subarray(0, 80_003), 0.3));
      keep("tanhBackward", 80_003, (dx) =>
        kernels.tanhBackward(dx, wide.subarray(0, 80_003), wide.subarray(9, 80_012)),
      );
      keep("zeroRows", 500 * 160, (x) => kernels.zeroRows(x, some, 160));
      keep("scaleRows", 500 * 160, (x) => kernels.scaleRows(x, some, 160, 0.3));
      keep("sgdStepRows", 500 * 160, (p) => kernels.sgdStepRows(p, table, some, 160, 0.1, false));
      keep("softmax", rows * 40, (y) => kernels.softmax(y, wide.subarray(0, rows * 40), rows, 40));
      const lse = new Float64Array(rows);
      const x = wide.subarray(0, rows * 40);
      keep("crossEntropy", rows, (loss) => kernels.crossEntropy(loss, lse, null, x, targets, rows, 40, 0.1));
      keep("softmax of crossEntropy", rows * 40, (p) =>
        kernels.crossEntropy(numbers(rows, 5), lse, p, x, targets, rows, 40, 0.1),
      );
      keep("logSumExp", rows, (out) => {
        kernels.logSumExp(lse, x, rows, 40);
        out.set(lse);
      });
      keep("topIndices", rows * 5, (out) => {
        const ids = new Int32Array(rows * 5);
        kernels.topIndices(ids, wide, rows, 160, 3, 5);
        out.set(ids);
      });
      keep("logSumExpBackward", rows * 40, (dx) => kernels.logSumExpBackward(dx, numbers(rows, 5), lse, x, rows, 40));
      keep("crossEntropyBackward", rows * 40, (dx) =>
        kernels.crossEntropyBackward(dx, numbers(rows, 5), x, targets, rows, 40, 0.1, false),
      );
      const [mean, rstd] = [new Float64Array(rows), new Float64Array(rows)];
      const [gain, offset] = [numbers(150, 6), numbers(150, 7)];
      const long = wide.subarray(0, rows * 150);
      keep("layerNorm", rows * 150, (y) => kernels.layerNorm(y, mean, rstd, long, gain, offset, rows, 150, 1e-5));
      keep("layerNorm's means", rows, (out) => out.set(mean));
      keep("layerNormBackward", rows * 150, (dx) =>
        kernels.layerNormBackward(dx, wide.subarray(7, 7 + rows * 150), long, mean, rstd, gain, rows, 150),
      );
      keep("layerNormBackwardWeight", 150, (dw) =>
        kernels.layerNormBackwardWeight(dw, wide.subarray(7, 7 + rows * 150), long, mean, rstd, rows, 150),
      );
      for (const width of [13, 16]) {
        const size = rows * width;
        const [gru, lstm] = [wide.slice(0, 3 * size), wide.slice(0, 4 * size)];
        const parts = [1, 2, 3].map((seed) => numbers(size, seed));
        keep(`GRU ${width}`, size, (h) =>
          kernels.gruForward(h, parts[0], gru, wide.subarray(0, 3 * size), rows, width),
        );
        keep(`GRU backward ${width}`, 3 * size, (d) =>
          kernels.gruBackward(d, gru.slice(), parts[0], gru, parts[1], parts[2], rows, width),
        );
        keep(`LSTM ${width}`, size, (h) => kernels.lstmForward(h, parts[0], parts[1], lstm, wide, rows, width));
        keep(`LSTM backward ${width}`, 4 * size, (d) =>
          kernels.lstmBackward(d, parts[0], parts[1], lstm, parts[2], parts[1], rows, width),
        );
      }
      const view = {
        ...{ steps: 9, places: 11, sentences: 70 },
        ...{ columns: Int32Array.from({ length: 70 }, (_, i) => 69 - i), lengths: new Int32Array(70).fill(10) },
      };
      const [query, memory] = [wide.subarray(0, 9 * 70 * 33), wide.subarray(100, 100 + 11 * 70 * 33)];
      const scores = 9 * 70 * 11;
      keep("scoreRows", scores, (out) => kernels.scoreRows(out, query, memory, view, 33));
      keep("mixRows", query.length, (out) => kernels.mixRows(out, wide.subarray(0, scores), memory, view, 33));
      keep("spreadRows", memory.length, (out) => kernels.spreadRows(out, wide.subarray(0, scores), query, view, 33));
      keep("additiveScores", scores, (out) => kernels.additiveScores(out, query, memory, b, view, 33));
      for (const which of [0, 1, 2]) {
        const sizes = [query.length, memory.length, 70 * 33];
        keep(`additive backward ${which}`, sizes[which], (out) => {
          const [dquery, dkeys, dv] = sizes.map((size, i) => (i === which ? out : new Float32Array(size)));
          kernels.additiveScoresBackward(dquery, dkeys, dv, wide.subarray(0, scores), query, memory, b, view, 33);
        });
      }
      const [g, state, squares] = [1, 2, 3].map((seed) => numbers(150_001, seed).map(Math.abs));
      keep("Adam", 150_001, (p) => kernels.adamStep(p, g, state, squares, null, 0.1, 1, 0.9, 0.99, 1e-8, 0, 1, false));
      keep("SGD", 150_001, (p) => kernels.sgdStep(p, g, null, 0.1, 0, 0, 0, false, false));
      return results;
    };

    const alone = everything();
    const changed = (): string[] =>
      Object.entries(everything()).flatMap(([name, bits]) => (bits.equals(alone[name]) ? [] : [name]));
    expect(threads.running).toBe(1);
    for (const count of [2, 3]) {
      setNumThreads(count);
      for (let i = 0; i < 500 && threads.running < count; i++) {
        expect(changed()).toEqual([]); // while they start
        await pause(20);
      }
      expect(threads.running).toBe(count);
      expect(changed()).toEqual([]);
    }
  });
});

describe.skipIf(!kernelSets.includes("simd"))("threads", () => {
  it("keep no process alive, and do not start for small work", async () => {
    const folder = mkdtempSync(join(tmpdir(), "seqgrad-"));
    try {
      const outfile = join(folder, "kernels.mjs");
      const entry = fileURLToPath(new URL("../../../src/tensor/kernels/index.ts", import.meta.url));
      await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "browser" });
      const code = `const { kernels, getNumThreads } = await import(${JSON.stringify(outfile)});
        const n = 300, c = new Float32Array(n * n), a = new Float32Array(n * n).fill(1);
        for (let i = 0; i < 5; i++) { kernels.matmul(c, a, a, n, n, n); await new Promise((r) => setTimeout(r, 50)); }
        console.log(getNumThreads(), c[0], c[n * n - 1]);`;
      const env = { ...process.env, SEQGRAD_KERNELS: "simd", SEQGRAD_THREADS: "2" };
      const options = { env, encoding: "utf8", timeout: 30_000 } as const;
      const said = execFileSync(process.execPath, ["--input-type=module", "-e", code], options);
      expect(said.trim()).toBe("2 1500 1500");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("come in numbers from 1 to 64", () => {
    setNumThreads(3);
    expect(getNumThreads()).toBe(3);
    for (const wrong of [0, -1, 1.5, 65, Number.NaN]) expect(() => setNumThreads(wrong)).toThrow(/expected 1 to 64/);
  });
});
