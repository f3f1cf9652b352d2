/** The ops in which something feeds back once more, made of small ops, one sequence and one step at a time. */
import {
  type Attended,
  type ConditionalWeights,
  concat,
  type FeedingState,
  type FeedingWeights,
  matmul,
  reshape,
  slice,
  stack,
  tanh,
  transpose,
} from "../../src/autograd/index.js";
import { add } from "../../src/autograd/ops/index.js";
import { type Tensor, zeros } from "../../src/tensor/index.js";
import { composedStep, type Kind } from "./composed.js";
import { additiveScore, composedAttention, dotScore } from "./composedAttention.js";

const project = (x: Tensor, weight: Tensor, bias: Tensor | null): Tensor => {
  const product = matmul(x, transpose(weight, 0, 1));
  return bias ? add(product, bias) : product;
};

/** What a state [1, H] of sequence b sees: [context [1, E], weights [1, S]]. */
function look(h: Tensor, { keys, values, additive, lengths }: Attended, b: number): [Tensor, Tensor] {
  const own = (memory: Tensor): Tensor => slice(memory, 1, b, b + 1);
  const query = additive ? project(h, additive.query, null) : h;
  const score = additive ? additiveScore(additive.v) : dotScore;
  const real = lengths === undefined ? undefined : [(lengths as number[])[b]];
  const [context, weights] = composedAttention(score, reshape(query, [1, 1, -1]), own(keys), own(values), {
    lengths: real,
  });
  return [reshape(context, [1, -1]), reshape(weights, [1, -1])];
}

/** Steps through each sequence by itself; `step` takes x(t) [1, F] and the states [1, width], and gives outputs and states. */
function eachSequence(
  x: Tensor,
  initial: readonly Tensor[],
  lengths: readonly number[] | undefined,
  step: (x: Tensor, states: Tensor[], b: number) => [outputs: Tensor[], states: Tensor[]],
): [outputs: Tensor[], states: Tensor[]] {
  const [T, B, F] = x.shape;
  const columns: Tensor[][] = [];
  const finals: Tensor[][] = [];
  for (let b = 0; b < B; b++) {
    let states = initial.map((state) => slice(state, 0, b, b + 1));
    const own: Tensor[][] = [];
    for (let t = 0; t < T; t++) {
      if (t < (lengths?.[b] ?? T)) {
        const [outputs, next] = step(reshape(slice(slice(x, 0, t, t + 1), 1, b, b + 1), [1, F]), states, b);
        own.push(outputs);
        states = next;
      } else own.push(own[0].map(({ shape, dtype }) => zeros(shape, { dtype })));
    }
    columns.push(own[0].map((_, i) => concat(own.map((outputs) => outputs[i]))));
    finals.push(states);
  }
  return [
    columns[0].map((_, i) =>
      stack(
        columns.map((column) => column[i]),
        1,
      ),
    ),
    finals[0].map((_, i) => concat(finals.map((states) => states[i]))),
  ];
}

/** As `conditional`. */
export function composedConditional(
  kind: Kind,
  x: Tensor,
  initial: readonly (Tensor | null)[],
  { first, second }: ConditionalWeights,
  attended: Attended,
  lengths?: readonly number[],
): Tensor[] {
  const H = first.weightHh.shape[1];
  const none = zeros([x.shape[1], H], { dtype: x.dtype });
  const states = Array.from({ length: kind === "lstm" ? 2 : 1 }, (_, i) => initial[i] ?? none);
  const [outputs, finals] = eachSequence(x, states, lengths, (xt, [h, c = h], b) => {
    const [middle, middleC] = composedStep(kind, xt, h, c, first);
    const [context, weights] = look(middle, attended, b);
    const next = composedStep(kind, context, middle, middleC, second);
    return [[next[0], context, weights], next.slice(0, states.length)];
  });
  return [...outputs, ...finals];
}

/** As `inputFeeding`, its results in one list. */
export function composedFeeding(
  kind: Kind,
  x: Tensor,
  { h = [], c = [], feature }: FeedingState,
  { layers, combine, combineBias }: FeedingWeights,
  attended: Attended,
  lengths?: readonly number[],
  residual = false,
): Tensor[] {
  const { dtype, shape } = x;
  const H = layers[0].weightHh.shape[1];
  const or = (state: Tensor | null | undefined, width: number): Tensor => state ?? zeros([shape[1], width], { dtype });
  const kinds = kind === "lstm" ? [h, c] : [h];
  const initial = [...kinds.flatMap((of) => layers.map((_, l) => or(of[l], H))), or(feature, combine.shape[0])];
  const [outputs, finals] = eachSequence(x, initial, lengths, (xt, states, b) => {
    const hs: Tensor[] = [];
    const cs: Tensor[] = [];
    let read = concat([xt, states[states.length - 1]], 1);
    layers.forEach((weights, l) => {
      const [own, cell] = composedStep(kind, read, states[l], states[(kinds.length - 1) * layers.length + l], weights);
      hs.push(own);
      cs.push(cell);
      read = residual && l > 0 ? add(own, read) : own;
    });
    const [context, seen] = look(read, attended, b);
    const f = tanh(project(concat([context, read], 1), combine, combineBias));
    return [
      [f, seen],
      [...hs, ...(kind === "lstm" ? cs : []), f],
    ];
  });
  return [...outputs, ...finals];
}
