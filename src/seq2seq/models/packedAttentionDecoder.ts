import { sideBySide } from "../../autograd/ops/recurrent/layout.js";
import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import type { Attention } from "../../nn/attention.js";
import type { Embedding } from "../../nn/embedding.js";
import type { Linear } from "../../nn/linear.js";
import { kernels } from "../../tensor/kernels/index.js";
import { allocateUnset } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";
import { PackedLinear, PackedWords } from "./packed.js";
import type { RecurrentLayer } from "./recurrentLayer.js";
import { type AttentionState, copyState, selectAttention, stateParts } from "./state.js";
import type { Step, Stepper } from "./stepper.js";

/** The layers of a decoder with attention. */
interface Layers {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly attention: Attention;
  readonly combine: Linear;
  readonly out: Linear;
}

/**
 * A decoder with attention after its recurrent layer, for many single steps without history, over weights packed once.
 * The same bits as `AttentionDecoder` gives with dropout off.
 */
export class PackedAttentionDecoder implements Stepper<AttentionState> {
  readonly size: number;
  readonly #words: PackedWords;
  readonly #stepper: RecurrentStepper;
  readonly #attention: Attention;
  readonly #combine: PackedLinear;
  readonly #out: PackedLinear;

  constructor({ embedding, layer, attention, combine, out }: Layers) {
    this.size = out.outFeatures;
    this.#stepper = layer.module.stepper();
    this.#words = new PackedWords(embedding.weight, this.#stepper, { isRelu: false });
    this.#attention = attention;
    this.#combine = new PackedLinear(combine);
    this.#out = new PackedLinear(out);
  }

  step(ids: readonly number[], state: AttentionState): Step<AttentionState> {
    const rows = ids.length;
    const hidden = copyState(state.hidden);
    const [h, c] = stateParts(hidden);
    const query = this.#stepper.step(this.#words.gates(ids), h.data, c?.data ?? null, rows); // [rows, H]
    const queries = new Tensor(query, [1, rows, this.#stepper.hidden], "step");
    const [context, weights] = this.#attention.forward(queries, state.keys, state.columns);
    const joined = allocateUnset(context.data.length + query.length, "float32");
    sideBySide(joined, context.data, query, rows);
    const features = this.#combine.forward(joined, rows);
    kernels.tanh(features, features);
    return { logits: this.#out.forward(features, rows), attention: weights.data, state: { ...state, hidden } };
  }

  select(state: AttentionState, rows: readonly number[]): AttentionState {
    return selectAttention(state, rows);
  }

  /** Frees everything at once instead of when it is collected. */
  dispose(): void {
    for (const part of [this.#words, this.#stepper, this.#combine, this.#out]) part.dispose();
  }
}
