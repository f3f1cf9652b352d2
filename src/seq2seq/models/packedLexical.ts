import { attentionMix } from "../../autograd/ops/index.js";
import { kernels } from "../../tensor/kernels/index.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import type { LexicalModel } from "./lexical.js";
import { PackedLinear, summed } from "./packed.js";
import type { AttentionState } from "./state.js";

/** A lexical model for many single steps without history, over weights packed once. */
export class PackedLexical {
  readonly #hidden: PackedLinear;
  readonly #out: PackedLinear | null;

  constructor({ hidden, out }: LexicalModel) {
    this.#hidden = new PackedLinear(hidden);
    this.#out = out && new PackedLinear(out);
  }

  /** weights [1, rows, S], features [rows, O] → logits [rows, outputSize], which the decoder's `out` layer makes as well. */
  logits(
    features: FloatArray,
    weights: Tensor,
    { words, keys, columns }: AttentionState,
    out: PackedLinear,
  ): FloatArray {
    const rows = weights.shape[1];
    const f = floatsOf(attentionMix(weights, words!, { lengths: keys.lengths, columns })); // [rows, F]
    kernels.tanh(f, f);
    const h = this.#hidden.forward(f, rows);
    kernels.tanh(h, h);
    const found = summed(h, f);
    if (!this.#out) return out.forward(summed(features, found), rows);
    return summed(out.forward(features, rows), this.#out.forward(found, rows));
  }

  free(): void {
    this.#hidden.free();
    this.#out?.free();
  }
}
