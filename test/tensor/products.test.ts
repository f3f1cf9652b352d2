/** The three matrix products against a triple loop, and the rule that an element's bits depend on the sum's length alone. */
import { describe, expect, it } from "vitest";
import { type FloatArray, Generator } from "../../src/tensor/index.js";
import { js, kernels } from "../../src/tensor/kernels/index.js";

type Maker = (length: number) => FloatArray;
const KINDS: [string, Maker][] = [
  ["float32", (length) => new Float32Array(length)],
  ["float64", (length) => new Float64Array(length)],
];

const generator = new Generator(4);
const random = (make: Maker, length: number): FloatArray => make(length).map(() => generator.normal());

/** C = C + A·B for plain row-major operands: the definition. Sums in double precision, as the plain kernels do. */
function triple(c: FloatArray, a: FloatArray, b: FloatArray, m: number, k: number, n: number): FloatArray {
  const out = c.slice();
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let p = 0; p < k; p++) total += a[i * k + p] * b[p * n + j];
      out[i * n + j] += total;
    }
  }
  return out;
}

function transposed(x: FloatArray, rows: number, columns: number): FloatArray {
  return x.map((_, at) => x[(at % rows) * columns + Math.floor(at / rows)]);
}

/** Every size from 0 to 9 in one direction or all, and some large ones that are no multiple of any tile. */
function* sizes(): Iterable<[number, number, number]> {
  for (let m = 0; m < 10; m++) for (let k = 0; k < 10; k++) for (let n = 0; n < 10; n++) yield [m, k, n];
  yield* [
    [1, 67, 33],
    [3, 33, 67],
    [4, 64, 64],
    [13, 17, 19],
    [31, 5, 37],
    [66, 41, 3],
  ] as [number, number, number][];
}

describe.each(KINDS)("in %s", (_, make) => {
  it("A·B, A·Bᵀ, Aᵀ·B and a packed B equal the triple loop, to the last bit", () => {
    for (const [m, k, n] of sizes()) {
      const [a, b, c] = [random(make, m * k), random(make, k * n), random(make, m * n)];
      const expected = triple(c, a, b, m, k, n);
      const products: Record<string, (out: FloatArray) => void> = {
        matmul: (out) => js.matmul(out, a, b, m, k, n),
        matmulNT: (out) => js.matmulNT(out, a, transposed(b, k, n), m, k, n),
        matmulTN: (out) => js.matmulTN(out, transposed(a, m, k), b, m, k, n),
        pack: (out) => js.matmulPacked(out, a, js.pack(b, k, n), m),
        packTransposed: (out) => js.matmulPacked(out, a, js.packTransposed(transposed(b, k, n), k, n), m),
      };
      for (const [name, product] of Object.entries(products)) {
        const out = c.slice();
        product(out);
        expect([...out], `${name} ${m} ${k} ${n}`).toEqual([...expected]);
      }
    }
  });
});

describe.each([
  ["js", js],
  ["the set in use", kernels],
] as const)("with %s", (_, set) => {
  const [m, k, n] = [11, 37, 23];
  const make: Maker = (length) => new Float32Array(length);
  const [a, b] = [random(make, m * k), random(make, k * n)];
  const bT = transposed(b, k, n);
  const product = (rows: FloatArray, count: number, fn: typeof set.matmul, right: FloatArray): number[] => {
    const out = make(count * n);
    fn(out, rows, right, count, k, n);
    return [...out];
  };

  it("all forms of a product have the same bits", () => {
    const whole = product(a, m, set.matmul, b);
    expect(product(a, m, set.matmulNT, bT)).toEqual(whole);
    const viaTN = make(m * n);
    set.matmulTN(viaTN, transposed(a, m, k), b, m, k, n);
    expect([...viaTN]).toEqual(whole);
    const viaPacked = make(m * n);
    set.matmulPacked(viaPacked, a, set.packTransposed(bT, k, n), m);
    expect([...viaPacked]).toEqual(whole);
  });

  it("any part of the rows has the bits it has in the whole, however few they are", () => {
    const whole = product(a, m, set.matmul, b);
    for (let from = 0; from < m; from++) {
      for (let to = from + 1; to <= m; to++) {
        const rows = a.slice(from * k, to * k);
        const expected = whole.slice(from * n, to * n);
        expect(product(rows, to - from, set.matmul, b)).toEqual(expected);
        expect(product(rows, to - from, set.matmulNT, bT)).toEqual(expected);
      }
    }
  });

  it("any part of the columns has the bits it has in the whole", () => {
    const whole = product(a, m, set.matmulNT, bT);
    for (const [from, to] of [
      [0, 1],
      [3, 9],
      [5, 23],
      [22, 23],
    ]) {
      const out = make(m * (to - from));
      set.matmulNT(out, a, bT.slice(from * k, to * k), m, k, to - from);
      const expected = Array.from({ length: m }, (_, i) => whole.slice(i * n + from, i * n + to)).flat();
      expect([...out]).toEqual(expected);
    }
  });

  it("adds to what is there", () => {
    const out = make(m * n).fill(100);
    set.matmul(out, a, b, m, k, n);
    triple(make(m * n).fill(100), a, b, m, k, n).forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 3);
    });
  });
});
