/** Attention against PyTorch; padding; and a sentence alone, in a batch, and shared by several rows of queries. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { concat, mul, noGrad, slice, sum } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, type Tensor, tensor } from "../../src/tensor/index.js";
import { projection } from "../support/compare.js";
import { Differences, restored, restoredState, type Stored, type StoredState } from "../support/golden.js";
import { noise } from "../support/leaves.js";
import { onEverySet } from "../tensor/kernels/support.js";

const MAKE = {
  dot: () => new nn.DotAttention(),
  general: (H: number, E: number) => new nn.GeneralAttention(H, E, { generator: new Generator(1) }),
  additive: (H: number, E: number, A?: number) => new nn.AdditiveAttention(H, E, A, { generator: new Generator(1) }),
};
type Kind = keyof typeof MAKE;
const KINDS = Object.keys(MAKE) as Kind[];

/** What `test/golden/attention.py` wrote. */
interface Golden {
  readonly query: Stored;
  readonly memory: Stored;
  readonly dotMemory: Stored;
  readonly cases: readonly {
    readonly kind: Kind;
    readonly lengths: readonly number[] | null;
    readonly state: StoredState;
    readonly outputs: readonly Stored[];
    readonly inputGradients: readonly Stored[];
    readonly gradients: StoredState;
  }[];
}
const golden = JSON.parse(readFileSync(new URL("../golden/attention.json", import.meta.url), "utf8")) as Golden;

describe("PyTorch's values", () => {
  it.each(golden.cases)("$kind, lengths $lengths", ({ kind, lengths, state, ...expected }) => {
    const found = new Differences();
    const module = MAKE[kind](4, 6, 3);
    module.loadStateDict(restoredState(state));
    const inputs = [restored(golden.query), restored(kind === "dot" ? golden.dotMemory : golden.memory)];
    const [query, memory] = inputs;
    const outputs = module.forward(query, module.keys(memory, lengths ?? undefined));
    outputs.forEach((y, i) => {
      expect(found.output(y, expected.outputs[i])).toBeLessThanOrEqual(Differences.outputBound);
    });
    projection(...outputs).backward();
    inputs.forEach((x, i) => {
      expect(found.gradient(x, expected.inputGradients[i])).toBeLessThanOrEqual(Differences.gradientBound);
    });
    if (kind !== "dot") {
      expect(found.gradients(module, expected.gradients)).toBeLessThanOrEqual(Differences.gradientBound);
    }
  });
});

describe("parameters", () => {
  it("have PyTorch's names and shapes", () => {
    const names = (module: nn.Module): string[] =>
      [...module.namedParameters()].map(([name, { shape }]) => `${name} ${shape}`);
    expect(names(new nn.DotAttention())).toEqual([]);
    expect(names(new nn.GeneralAttention(4, 6))).toEqual(["key.weight 4,6"]);
    const additive = ["query.weight 3,4", "key.weight 3,6", "key.bias 3", "score.weight 1,3"];
    expect(names(new nn.AdditiveAttention(4, 6, 3))).toEqual(additive);
    expect(names(new nn.AdditiveAttention(4, 6))[0]).toBe("query.weight 4,4");
  });

  it("refuse sizes below 1", () => {
    expect(() => new nn.GeneralAttention(4, 0)).toThrow(/expected inFeatures ≥ 1, got 0/);
    expect(() => new nn.AdditiveAttention(4, 6, 0)).toThrow(/expected outFeatures ≥ 1, got 0/);
  });
});

const [T, H] = [5, 19];
const lengths = [3, 7, 1, 5];

onEverySet("a sentence", () => {
  describe.each(KINDS)("under %s attention", (kind) => {
    const module = MAKE[kind](H, H);
    const memories = lengths.map((length, b) => noise([length, 1, H], 10 + b));
    const queries = lengths.map((_, b) => noise([T, 1, H], 20 + b));
    const padded = (memory: Tensor, places: number, filler: number): Tensor => {
      const more = places - memory.shape[0];
      return concat([memory, tensor(new Float32Array(more * H).fill(filler), [more, 1, H])]);
    };
    /** Outputs of some sentences with so much room and so many steps, and then the gradients of query and memory. */
    const run = (which: readonly number[], places: number, steps: number, filler: number): Tensor[] => {
      const side = (parts: (b: number) => Tensor): Tensor => slice(concat(which.map(parts), 1), 0, 0, steps);
      const memory = concat(
        which.map((b) => padded(memories[b], places, filler)),
        1,
      );
      const query = side((b) => queries[b]);
      for (const leaf of [memory, query]) leaf.requiresGrad = true;
      const sizes = which.map((b) => lengths[b]);
      const [context, weights] = module.forward(query, module.keys(memory, sizes));
      // Every number has a factor of its sentence's own.
      const factors = side((b) => noise([T, 1, H], 40 + b));
      const more = side((b) => slice(noise([T, 1, 9], 50 + b), 2, 0, places));
      sum(concat([mul(context, factors), mul(weights, more)], 2)).backward();
      return [context, weights, query.grad as Tensor, memory.grad as Tensor];
    };
    const at = (x: Tensor, column: number, first: number, second: number): number[] => [
      ...slice(slice(slice(x, 1, column, column + 1), 0, 0, first), 2, 0, second).data,
    ];

    it("has the same bits alone and in any batch, and weight 0 past its end", () => {
      for (const which of [
        [0, 1, 2, 3],
        [3, 0],
        [1, 2],
      ]) {
        const places = Math.max(...which.map((b) => lengths[b])) + 2;
        const together = run(which, places, T, 1e6);
        which.forEach((b, column) => {
          const alone = run([b], lengths[b], T, 0);
          const n = lengths[b];
          expect(at(together[0], column, T, H)).toEqual(at(alone[0], 0, T, H));
          expect(at(together[1], column, T, n)).toEqual(at(alone[1], 0, T, n));
          expect(at(together[2], column, T, H)).toEqual(at(alone[2], 0, T, H));
          expect(at(together[3], column, n, H)).toEqual(at(alone[3], 0, n, H));
          const past = [...slice(slice(together[1], 1, column, column + 1), 2, n).data];
          expect(past).toEqual(new Array(T * (places - n)).fill(0));
        });
      }
    });

    it("has the same bits step by step", () => {
      const whole = run([0, 1, 2, 3], 7, T, 0);
      const single = run([0, 1, 2, 3], 7, 1, 0);
      for (const i of [0, 1]) expect([...single[i].data]).toEqual([...slice(whole[i], 0, 0, 1).data]);
    });

    it("may be looked at by several rows of queries, or by none", () => {
      const columns = Int32Array.of(2, 0, 2, 2, 3);
      noGrad(() => {
        const memory = concat(
          memories.map((each) => padded(each, 7, Number.NaN)),
          1,
        );
        const rows = noise([2, columns.length, H], 30);
        const [context, weights] = module.forward(rows, module.keys(memory, lengths), columns);
        columns.forEach((b, row) => {
          const keys = module.keys(memories[b], [lengths[b]]);
          const [ownContext, ownWeights] = module.forward(slice(rows, 1, row, row + 1), keys);
          expect([...slice(context, 1, row, row + 1).data]).toEqual([...ownContext.data]);
          expect(at(weights, row, 2, lengths[b])).toEqual([...ownWeights.data]);
        });
      });
    });
  });
});
