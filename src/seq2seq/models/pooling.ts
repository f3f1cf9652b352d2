import { add, concat, dotAttention, mul, reshape, sum, tanh } from "../../autograd/ops/index.js";
import { uniform } from "../../nn/init.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import { tensor, zeros } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { layersOf, type State, stateParts } from "./state.js";

/** [S, B, E], 0 past each length → [B, E] */
export function meanOverPlaces(memory: Tensor, lengths: Indices | undefined): Tensor {
  const [S, B] = memory.shape;
  const shares = lengths ? Float32Array.from(intTensor(lengths).data, (length) => 1 / length) : null;
  return mul(sum(memory, 0), shares ? tensor(shares, [B, 1]) : 1 / S);
}

/** What the highest layer ended with, its directions side by side: [layers · directions, B, H] → [B, directions · H] */
export function highestStates(last: State, directions: number): Tensor {
  const parts = layersOf(stateParts(last)[0]).slice(-directions);
  return parts.length > 1 ? concat(parts, -1) : parts[0];
}

/**
 * Attention of a whole model, rather than of a step: what is asked of each place is learned, and the same for all sequences.
 *
 * u[s] = tanh(W·memory[s] + b),  weights = softmax(u[s] · q) over the real places,  y = Σₛ weights[s] · memory[s]
 * (Yang et al., 2016, equations 5 to 7)
 *
 * Parameters `key.weight` W [E, E], `key.bias` b [E] and `query` q [E]; all start uniform in ±1/√E.
 */
export class AttentionPooling extends Module {
  readonly key: Linear;
  readonly query: Tensor;

  /** `memorySize` is E. */
  constructor(memorySize: number, { generator }: { readonly generator?: Generator } = {}) {
    super();
    const bound = 1 / Math.sqrt(memorySize);
    this.key = this.registerModule("key", new Linear(memorySize, memorySize, { generator }));
    const query = zeros([memorySize], { lifetime: "persistent" });
    this.query = this.registerParameter("query", uniform(query, -bound, bound, generator));
  }

  /** memory [S, B, E], how long each sequence is (default: all S) → [y [B, E], weights [B, S]] */
  forward(memory: Tensor, lengths?: Indices): [pooled: Tensor, weights: Tensor] {
    const [S, B, E] = memory.shape;
    const query = add(zeros([1, B, E], { dtype: memory.dtype }), this.query);
    const keys = tanh(this.key.forward(memory));
    const [context, weights] = dotAttention(query, keys, memory, { lengths });
    return [reshape(context, [B, E]), reshape(weights, [B, S])];
  }
}
