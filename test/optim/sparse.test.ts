import { describe, expect, it } from "vitest";
import { embedding, sum } from "../../src/autograd/index.js";
import { setTouchedRows, touchedRowsOf } from "../../src/autograd/touchedRows.js";
import { constant } from "../../src/nn/init.js";
import { clipGradNorm, SGD } from "../../src/optim/index.js";
import { touchedRows } from "../../src/optim/touchedRows.js";
import { Generator, randn, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { floatsOf, gradOf } from "../../src/tensor/tensor.js";

const ROWS = 50;
const WIDTH = 7;

/** The same parameter twice, with the same gradient: once told which rows are touched, once not. */
function twins(rows: readonly number[], seed: number): { sparse: Tensor; dense: Tensor } {
  const make = (): Tensor => {
    const generator = new Generator(seed);
    const p = randn([ROWS, WIDTH], { generator, requiresGrad: true });
    const grad = zeros([ROWS, WIDTH]);
    for (const row of [...rows].sort((a, b) => a - b)) {
      for (let j = 0; j < WIDTH; j++) floatsOf(grad)[row * WIDTH + j] = generator.normal();
    }
    p.grad = grad;
    return p;
  };
  const sparse = make();
  setTouchedRows(sparse.grad as Tensor, new Set(rows));
  return { sparse, dense: make() };
}

const bits = (array: ArrayLike<number>): Uint32Array => new Uint32Array(Float32Array.from(array).buffer);

const ROW_SETS = [[], [0], [49], [31, 4, 5, 3, 17, 30], Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i)];

describe("visiting only the touched rows gives the bits of visiting all", () => {
  for (const rows of ROW_SETS) {
    it(`clipGradNorm and SGD, ${rows.length} rows`, () => {
      for (const normType of [2, Infinity]) {
        const { sparse, dense } = twins(rows, 3);
        expect(clipGradNorm(sparse, 0.7, { normType })).toBe(clipGradNorm(dense, 0.7, { normType }));
        expect(bits(sparse.grad!.data)).toEqual(bits(dense.grad!.data));
        new SGD([sparse], { lr: 0.3 }).step();
        new SGD([dense], { lr: 0.3 }).step();
        expect(bits(sparse.data)).toEqual(bits(dense.data));
      }
    });
  }

  it("the norm's own sum, in double precision, where every regrouping shows", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { sparse, dense } = twins([31, 4, 5, 3, 17, 30], seed);
      const norms: number[] = [];
      for (const p of [sparse, dense]) {
        const grad = p.grad as Tensor;
        const rows = touchedRowsOf(grad);
        const doubled = tensor(p.toArray(), { dtype: "float64", requiresGrad: true });
        doubled.grad = tensor(Float64Array.from(floatsOf(grad), Math.tan), grad.shape);
        setTouchedRows(doubled.grad, rows);
        norms.push(clipGradNorm(doubled, 1));
      }
      expect(norms[0]).toBe(norms[1]);
    }
  });

  it("really leaves the others alone", () => {
    const sparse = randn([ROWS, WIDTH], { generator: new Generator(1), requiresGrad: true });
    sum(embedding([4, 5], sparse)).backward();
    floatsOf(gradOf(sparse) as Tensor).fill(1); // behind everybody's back
    const before = sparse.data.slice();
    new SGD([sparse], { lr: 1 }).step();
    for (let row = 0; row < ROWS; row++) {
      expect(sparse.data[row * WIDTH] !== before[row * WIDTH]).toBe(row === 4 || row === 5);
    }
    expect(clipGradNorm(sparse, 100)).toBe(Math.sqrt(2 * WIDTH));
  });

  it("momentum and weight decay act on every row", () => {
    for (const options of [{ momentum: 0.9 }, { weightDecay: 0.1 }]) {
      const { sparse, dense } = twins([4, 5], 2);
      const optimizers = [new SGD([sparse], { lr: 0.1, ...options }), new SGD([dense], { lr: 0.1, ...options })];
      for (const optimizer of optimizers) optimizer.step();
      // The next batch touches one row.
      for (const p of [sparse, dense]) p.zeroGrad();
      for (const p of [sparse, dense]) sum(embedding([9], p)).backward();
      constant(dense.grad as Tensor, 0).data.fill(1, 9 * WIDTH, 10 * WIDTH);
      for (const optimizer of optimizers) optimizer.step();
      expect(bits(sparse.data)).toEqual(bits(dense.data));
    }
  });
});

describe("touched rows", () => {
  it("are in ascending order, and null where any row may differ from zero", () => {
    const grad = zeros([12, 2, 2]);
    expect(touchedRows(grad)).toBeNull();
    setTouchedRows(grad, new Set([5, 11, 2, 0, 1]));
    expect(touchedRows(grad)).toEqual(Int32Array.of(0, 1, 2, 5, 11));
    setTouchedRows(grad, new Set());
    expect(touchedRows(grad)).toEqual(new Int32Array(0));
  });

  it("are not asked for of a vector, which is one row", () => {
    const grad = tensor([1, 2, 3]);
    setTouchedRows(grad, new Set([1]));
    expect(touchedRows(grad)).toBeNull();
  });
});
