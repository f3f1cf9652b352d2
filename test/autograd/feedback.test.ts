/**
 * The ops in which something feeds back: equal to their composition from small ops, a sentence's bits the same in any
 * company, and the same bits when they are run one step at a time.
 */
import { describe, expect, it } from "vitest";
import {
  type Attended,
  cellRules,
  concat,
  conditional,
  conditionalColumns,
  feedingColumns,
  inputFeeding,
  mul,
  noGrad,
  PackedWeights,
  slice,
  stack,
  sum,
} from "../../src/autograd/index.js";
import { Generator, type Shape, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { composedConditional, composedFeeding } from "../support/composedFeedback.js";
import { expectEqual } from "../support/expectEqual.js";
import {
  attendedLeaves,
  type Cell,
  feedingLeaves,
  KINDS,
  mapTensors,
  tensorsOf,
  weightLeaves,
} from "../support/feedback.js";
import { leaf, noise } from "../support/leaves.js";
import { onEverySet } from "../tensor/kernels/support.js";

const [F, H, S, E, O] = [3, 5, 6, 4, 3];
const CELLS = ["gru", "lstm", "rnn", "reluRnn"] as const;
const composedKind = (cell: Cell) => (cell === "reluRnn" ? "rnn relu" : cell);

/** Hands copies of the leaves of plain data to a function of such data. */
function from<D>(data: D, fn: (data: D) => readonly Tensor[]): (...leaves: Tensor[]) => readonly Tensor[] {
  return (...leaves) => {
    const left = [...leaves];
    return fn(mapTensors(data, () => left.shift() as Tensor));
  };
}

describe.each(["float64", "float32"] as const)("in %s", (dtype) => {
  const [T, B] = [4, 3];
  const cases = [false, true].flatMap((isNormed) =>
    CELLS.flatMap((cell) => KINDS.flatMap((kind) => [true, false].map((isFull) => ({ cell, kind, isFull, isNormed })))),
  );

  it.each(cases)(
    "conditional $cell, $kind, lengths and states $isFull, normed $isNormed",
    ({ cell, kind, isFull, isNormed }) => {
      const data = {
        x: leaf(T, B, F),
        h0: isFull ? leaf(B, H) : null,
        c0: isFull && cell === "lstm" ? leaf(B, H) : null,
        weights: {
          first: weightLeaves(leaf, cell, F, H, isFull, isNormed),
          second: weightLeaves(leaf, cell, E, H, isFull, isNormed),
        },
        attended: { ...attendedLeaves(leaf, kind, { B, S, E, H }), lengths: isFull ? [6, 2, 4] : undefined },
      };
      const lengths = isFull ? [2, 4, 1] : undefined;
      const fused = from(data, ({ x, h0, c0, weights, attended }) =>
        conditional(cellRules[cell], x, h0, c0, weights, attended, { lengths }),
      );
      const small = from(data, ({ x, h0, c0, weights, attended }) =>
        composedConditional(composedKind(cell), x, [h0, c0], weights, attended, lengths),
      );
      expectEqual(dtype, tensorsOf(data), fused, small, isNormed ? 100 : 1);
    },
  );

  const label = "input feeding, $cell, $kind, lengths, states and two layers $isFull, normed and residual $isNormed";
  it.each(cases)(label, ({ cell, kind, isFull, isNormed }) => {
    const data = {
      ...feedingLeaves(leaf, cell, { T, B, E, F, H, O }, isFull, isNormed),
      attended: { ...attendedLeaves(leaf, kind, { B, S, E, H }), lengths: isFull ? [6, 2, 4] : undefined },
    };
    const lengths = isFull ? [2, 4, 1] : undefined;
    const fused = from(data, ({ x, state, weights, attended }) =>
      tensorsOf(inputFeeding(cellRules[cell], x, state, weights, attended, { lengths, residual: isNormed })),
    );
    const small = from(data, ({ x, state, weights, attended }) =>
      composedFeeding(composedKind(cell), x, state, weights, attended, lengths, isNormed),
    );
    expectEqual(dtype, tensorsOf(data), fused, small, isNormed ? 100 : 1);
  });
});

/** Weights of both ops; float32, from a seed, so that every set and every call has the same. */
function weightsOf(cell: Cell, kind: (typeof KINDS)[number], isNormed = false) {
  let seed = 100;
  const make = (...shape: number[]): Tensor => noise(shape, seed++);
  return {
    conditional: {
      first: weightLeaves(make, cell, F, H, true, isNormed),
      second: weightLeaves(make, cell, E, H, true, isNormed),
    },
    feeding: {
      layers: [weightLeaves(make, cell, F + O, H, true, isNormed), weightLeaves(make, cell, H, H, true, isNormed)],
      combine: make(O, E + H),
      combineBias: make(O),
    },
    additive: attendedLeaves(make, kind, { B: 1, S: 1, E, H }).additive,
  };
}

const OPS = ["conditional", "input feeding"] as const;

/** Runs one of the ops over inputs, states and a memory; results and states of equal names in one order. */
function run(
  op: (typeof OPS)[number],
  cell: Cell,
  { conditional: pair, feeding }: ReturnType<typeof weightsOf>,
  x: Tensor,
  states: readonly Tensor[],
  attended: Attended,
  lengths?: readonly number[],
  isPacked = false,
): { outputs: readonly Tensor[]; states: readonly Tensor[] } {
  const rule = cellRules[cell];
  const query = attended.additive?.query;
  if (op === "conditional") {
    const [h0 = null, c0 = null] = states;
    const results = conditional(rule, x, h0, c0, pair, attended, {
      lengths: lengths as number[] | undefined,
      packed: isPacked ? new PackedWeights(conditionalColumns(pair, query)) : null,
    });
    return { outputs: results.slice(0, 3), states: results.slice(3) };
  }
  const before = states.length ? { h: states.slice(0, 2), c: states.slice(2, -1), feature: states.at(-1) } : {};
  const { features, weights, state } = inputFeeding(rule, x, before, feeding, attended, {
    lengths: lengths as number[] | undefined,
    packed: isPacked ? new PackedWeights(feedingColumns(feeding, query)) : null,
  });
  return { outputs: [features, weights], states: tensorsOf(state) };
}

onEverySet("bits", () => {
  const lengths = [3, 5, 1, 4];
  const memories = [2, 6, 4, 1];
  const cases = OPS.flatMap((op) =>
    (["gru", "lstm"] as const).flatMap((cell) => KINDS.map((kind, i) => ({ op, cell, kind, isNormed: i === 1 }))),
  );
  /** What is each sentence's own: its inputs, keys and values, then room filled with something else. */
  const own = (shape: Shape, seed: number, room: number): Tensor =>
    concat([
      noise(shape, seed),
      tensor(new Float32Array((room - shape[0]) * shape[2]).fill(1e6), [room - shape[0], 1, shape[2]]),
    ]);
  const column = (x: Tensor, b: number, steps: number): number[] => [...slice(slice(x, 1, b, b + 1), 0, 0, steps).data];

  describe.each(cases)("$op, $cell, $kind, normed $isNormed", ({ op, cell, kind, isNormed }) => {
    const weights = weightsOf(cell, kind, isNormed);
    const D = kind === "dot" ? H : H - 1;
    const batch = (which: readonly number[], room: number, places: number) => {
      const side = (part: (b: number) => Tensor): Tensor => concat(which.map(part), 1);
      const x = side((b) => own([lengths[b], 1, F], b, room));
      const keys = side((b) => own([memories[b], 1, D], 10 + b, places));
      const values = side((b) => own([memories[b], 1, E], 20 + b, places));
      for (const each of [x, keys, values]) each.requiresGrad = true;
      const attended = { keys, values, lengths: which.map((b) => memories[b]), additive: weights.additive };
      const results = run(
        op,
        cell,
        weights,
        x,
        [],
        attended,
        which.map((b) => lengths[b]),
      );
      const total = [...results.outputs, ...results.states].map((y) => {
        const width = y.shape[y.shape.length - 1];
        const factors = y.data.map((_, i) => Math.cos(1 + (i % width)));
        return sum(mul(y, tensor(factors, y.shape)));
      });
      sum(stack(total)).backward();
      return { ...results, x: x.grad as Tensor, keys: keys.grad as Tensor, values: values.grad as Tensor };
    };

    it("are the same alone and in any batch, forward and backward", () => {
      for (const which of [
        [0, 1, 2, 3],
        [3, 0],
        [2, 1],
      ]) {
        const together = batch(which, 6, 7);
        which.forEach((b, at) => {
          const alone = batch([b], lengths[b], memories[b]);
          const real = (width: number): number => (width === 7 ? memories[b] : width);
          together.outputs.forEach((output, i) => {
            const cut = slice(output, 2, 0, real(output.shape[2]));
            expect(column(cut, at, lengths[b])).toEqual([...alone.outputs[i].data]);
          });
          together.states.forEach((state, i) => {
            expect([...slice(state, 0, at, at + 1).data]).toEqual([...alone.states[i].data]);
          });
          expect(column(together.x, at, lengths[b])).toEqual([...alone.x.data]);
          expect(column(together.keys, at, memories[b])).toEqual([...alone.keys.data]);
          expect(column(together.values, at, memories[b])).toEqual([...alone.values.data]);
        });
      }
    });

    it("are the same one step at a time, over packed weights too, and where rows share a sentence", () => {
      noGrad(() => {
        const [T, rows] = [4, 5];
        const columns = Int32Array.of(1, 0, 1, 1, 0);
        const x = noise([T, rows, F], 1);
        const memory = { lengths: [4, 6], additive: weights.additive };
        const [keys, values] = [noise([6, 2, D], 2), noise([6, 2, E], 3)];
        const whole = run(op, cell, weights, x, [], { keys, values, ...memory, columns });
        let states: readonly Tensor[] = [];
        for (let t = 0; t < T; t++) {
          const attended = { keys, values, ...memory, columns };
          const step = run(op, cell, weights, slice(x, 0, t, t + 1), states, attended, undefined, t % 2 === 1);
          step.outputs.forEach((output, i) => {
            expect([...output.data]).toEqual([...slice(whole.outputs[i], 0, t, t + 1).data]);
          });
          states = step.states;
        }
        states.forEach((state, i) => {
          expect([...state.data]).toEqual([...whole.states[i].data]);
        });
        columns.forEach((b, row) => {
          const pick = (memory: Tensor): Tensor => slice(memory, 1, b, b + 1);
          const sentence = { keys: pick(keys), values: pick(values), lengths: [memory.lengths[b]] };
          const alone = run(op, cell, weights, slice(x, 1, row, row + 1), [], { ...memory, ...sentence });
          alone.outputs.forEach((output, i) => {
            expect(column(whole.outputs[i], row, T)).toEqual([...output.data]);
          });
        });
      });
    });
  });
});

it("dropout between layers is drawn from the generator given", () => {
  const weights = weightsOf("gru", "dot");
  const attended = { keys: noise([3, 2, H], 1), values: noise([3, 2, E], 2) };
  const [x, again] = [noise([4, 2, F], 3), noise([4, 2, F], 3)];
  const features = (seed: number, dropout: number, input = x): number[] => {
    const options = { dropout, generator: new Generator(seed) };
    return [...inputFeeding(cellRules.gru, input, {}, weights.feeding, attended, options).features.data];
  };
  expect(features(1, 0.5)).toEqual(features(1, 0.5, again));
  expect(features(1, 0.5)).not.toEqual(features(2, 0.5));
  expect(features(1, 0)).toEqual(features(2, 0));
});

it("states of zeros are no states, and the weights are those of every place", () => {
  const weights = weightsOf("lstm", "additive");
  const attended = { keys: noise([3, 2, H - 1], 1), values: noise([3, 2, E], 2), additive: weights.additive };
  const x = noise([4, 2, F], 3);
  const none = zeros([2, H]);
  const [output, , seen] = conditional(cellRules.lstm, x, null, null, weights.conditional, attended);
  const [same] = conditional(cellRules.lstm, x, none, none, weights.conditional, attended);
  expect(same.data).toEqual(output.data);
  for (const total of sum(seen, -1).data) expect(total).toBeCloseTo(1, 6);
  expect(seen.shape).toEqual([4, 2, 3]);
});
