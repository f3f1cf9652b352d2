import { expect, it } from "vitest";
import { js, kernels, type View } from "../../../src/tensor/kernels/index.js";
import type { FloatArray } from "../../../src/tensor/storage.js";
import { inWasmMemory, numbers, onEverySet } from "./support.js";

/** C[0, 0] of a product, in float32: the sum starts at 0, runs over k in order, and is added to C once. */
function oneElement(a: Float32Array, b: Float32Array, held: number): number {
  let total = 0;
  for (let p = 0; p < a.length; p++) total = Math.fround(total + Math.fround(a[p] * b[p]));
  return Math.fround(held + total);
}

const transposed = (x: FloatArray, rows: number, columns: number): Float32Array =>
  Float32Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);

const SIZES = [1, 2, 3, 4, 5, 8, 9, 15, 33, 70];
const LENGTHS = [0, 1, 3, 4, 17, 131];

onEverySet("a product's element depends on its row, its column and nothing else", (set) => {
  const M = 71;
  const N = 70;
  for (const k of LENGTHS) {
    it(`over sums of ${k}`, () => {
      const a = numbers(M * k, 1);
      const b = numbers(k * N, 2);
      const held = numbers(M * N, 3);
      const expected = Float32Array.from(held);
      kernels.matmul(expected, a, b, M, k, N);
      if (set === "simd") {
        for (let i = 0; i < M; i++) {
          for (let j = 0; j < N; j++) {
            const column = Float32Array.from({ length: k }, (_, p) => b[p * N + j]);
            expect(expected[i * N + j]).toBe(oneElement(a.subarray(i * k, (i + 1) * k), column, held[i * N + j]));
          }
        }
      }
      for (const m of SIZES) {
        for (const n of SIZES) {
          // The corner [m, n] of the large product, by every road.
          const left = inWasmMemory(a.subarray(0, m * k));
          const right = Float32Array.from({ length: k * n }, (_, i) => b[Math.floor(i / n) * N + (i % n)]);
          const corner = Float32Array.from({ length: m * n }, (_, i) => expected[Math.floor(i / n) * N + (i % n)]);
          const start = Float32Array.from({ length: m * n }, (_, i) => held[Math.floor(i / n) * N + (i % n)]);
          const leftT = transposed(left, m, k);
          const rightT = transposed(right, k, n);
          const roads: Record<string, (c: FloatArray) => void> = {
            matmul: (c) => kernels.matmul(c, left, right, m, k, n),
            matmulNT: (c) => kernels.matmulNT(c, left, rightT, m, k, n),
            matmulTN: (c) => kernels.matmulTN(c, leftT, right, m, k, n),
            pack: (c) => kernels.matmulPacked(c, left, kernels.pack(right, k, n), m),
            packTransposed: (c) => kernels.matmulPacked(c, left, kernels.packTransposed(rightT, k, n), m),
          };
          for (const [road, multiply] of Object.entries(roads)) {
            const c = start.slice();
            multiply(c);
            if (c.some((value, i) => value !== corner[i]))
              expect.fail(`${road} of [${m}, ${k}] × [${k}, ${n}] differs`);
          }
        }
      }
    });
  }
});

onEverySet("a row's sums depend on its length alone", () => {
  const N = 37;
  const ROWS = 9;
  const x = numbers(ROWS * N, 4);
  const dy = numbers(ROWS * N, 5);
  const row = (values: FloatArray, r: number): FloatArray => values.slice(r * N, (r + 1) * N);

  it("in the softmax family", () => {
    for (const name of ["softmax", "logSoftmax"] as const) {
      const y = new Float32Array(ROWS * N);
      kernels[name](y, x, ROWS, N);
      const dx = new Float32Array(ROWS * N);
      kernels[`${name}Backward`](dx, dy, y, ROWS, N);
      for (let r = 0; r < ROWS; r++) {
        const own = new Float32Array(N);
        kernels[name](own, row(x, r), 1, N);
        expect(own).toEqual(row(y, r));
        const ownGradient = new Float32Array(N);
        kernels[`${name}Backward`](ownGradient, row(dy, r), own, 1, N);
        expect(ownGradient).toEqual(row(dx, r));
      }
    }
  });

  it("in sums, which are those of the reference bit for bit", () => {
    for (const inner of [1, 2, 5, 16, 37]) {
      const outer = (ROWS * N) / (9 * inner);
      if (!Number.isInteger(outer)) continue;
      const y = new Float32Array(outer * inner);
      const expected = new Float32Array(outer * inner);
      kernels.sum(y, x, outer, 9, inner);
      js.sum(expected, x, outer, 9, inner);
      expect(y).toEqual(expected);
    }
  });

  it("in sums of squares, wherever the array begins", () => {
    const copies = [0, 1, 2, 3].map((offset) => {
      const whole = inWasmMemory(new Float32Array(x.length + 4));
      const part = whole.subarray(offset, offset + x.length);
      part.set(x);
      return kernels.sumOfSquares(part);
    });
    expect(new Set(copies).size).toBe(1);
  });
});

onEverySet("an attention's sums depend on their lengths alone", () => {
  const [T, S, B, width] = [5, 11, 4, 37];
  const lengths = Int32Array.of(11, 3, 6, 1);
  const query = numbers(T * B * width, 1);
  const memory = numbers(S * B * width, 2);
  const weights = numbers(T * B * S, 3);
  const v = numbers(width, 4);
  const whole: View = { steps: T, places: S, sentences: B, columns: Int32Array.of(0, 1, 2, 3), lengths };

  /** Everything for one row at some steps alone: a memory of its sentence, its place in a batch, and more padding. */
  it.each([
    [0, 0, 5, 11],
    [1, 0, 5, 3],
    [1, 2, 5, 9],
    [2, 1, 2, 6],
    [3, 4, 5, 2],
  ])("row %i, steps %i to %i, among %i places", (r, from, to, places) => {
    const steps = to - from;
    const own: View = { steps, places, sentences: 1, columns: Int32Array.of(0), lengths: lengths.slice(r, r + 1) };
    const queries = ownQueries(query, width);
    const scores = ownScores(weights);
    const rows = ownRows(memory);
    const results = (view: View, q: FloatArray, m: FloatArray, w: FloatArray): FloatArray[] => {
      const zeros = (like: FloatArray): Float32Array => new Float32Array(like.length);
      const out = [zeros(w), zeros(w), zeros(q), zeros(q)];
      kernels.scoreRows(out[0], q, m, view, width);
      kernels.additiveScores(out[1], q, m, v, view, width);
      kernels.mixRows(out[2], w, m, view, width);
      kernels.additiveScoresBackward(
        out[3],
        zeros(m),
        new Float32Array(view.columns.length * width),
        w,
        q,
        m,
        v,
        view,
        width,
      );
      return out;
    };
    const all = results(whole, query, memory, weights);
    const alone = results(own, queries, rows, scores);
    expect(alone[0]).toEqual(ownScores(all[0]));
    expect(alone[1]).toEqual(ownScores(all[1]));
    expect(alone[2]).toEqual(ownQueries(all[2], width));
    expect(alone[3]).toEqual(ownQueries(all[3], width));

    function ownQueries(x: FloatArray, each: number): Float32Array {
      return Float32Array.from({ length: steps * each }, (_, i) => {
        const t = from + Math.floor(i / each);
        return x[(t * B + r) * each + (i % each)];
      });
    }
    function ownScores(x: FloatArray): Float32Array {
      return Float32Array.from({ length: steps * places }, (_, i) => {
        const [t, s] = [from + Math.floor(i / places), i % places];
        return s < lengths[r] ? x[(t * B + r) * S + s] : 0;
      });
    }
    function ownRows(x: FloatArray): Float32Array {
      return Float32Array.from({ length: places * width }, (_, i) => {
        const s = Math.floor(i / width);
        return s < lengths[r] ? x[(s * B + r) * width + (i % width)] : Number.NaN;
      });
    }
  });

  it("steps of weight 0, which padding makes, change no bit of what goes back to the memory", () => {
    const padded = weights.map((weight, i) => (i < 3 * B * S ? weight : 0));
    const [short, long] = [3, 5].map((steps) => {
      const view = { ...whole, steps };
      const [spread, dkeys] = [new Float32Array(memory.length), new Float32Array(memory.length)];
      const [dquery, dv] = [new Float32Array(query.length), new Float32Array(B * width)];
      kernels.spreadRows(spread, padded, query, view, width);
      kernels.additiveScoresBackward(dquery, dkeys, dv, padded, query, memory, v, view, width);
      return { spread, dkeys, dv };
    });
    expect(long).toEqual(short);
  });
});

onEverySet("an element's function does not depend on where it stands", () => {
  for (const name of ["exp", "tanh", "sigmoid", "relu", "sqrt", "log"] as const) {
    it(name, () => {
      const x = numbers(40, 6);
      const whole = new Float32Array(40);
      kernels[name](whole, x);
      for (let i = 0; i < 40; i++) {
        const own = new Float32Array(1);
        kernels[name](own, x.slice(i, i + 1));
        expect(own[0]).toBe(whole[i]);
      }
    });
  }
});
