import { sideBySide } from "../../autograd/ops/recurrent/layout.js";
import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import type { Attention } from "../../nn/attention.js";
import type { Embedding } from "../../nn/embedding.js";
import type { Linear } from "../../nn/linear.js";
import { Floats } from "../../tensor/floats.js";
import { kernels } from "../../tensor/kernels/index.js";
import { allocateUnset } from "../../tensor/storage.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";
import type { LexicalModel } from "./lexical.js";
import { PackedLinear, PackedWords } from "./packed.js";
import { type LayersAbove, PackedAbove } from "./packedAbove.js";
import { PackedLexical } from "./packedLexical.js";
import { PackedStepper } from "./packedStepper.js";
import type { RecurrentLayer } from "./recurrentLayer.js";
import { type AttentionState, copyState, selectAttention, stateParts } from "./state.js";
import type { Step } from "./stepper.js";

/** The layers of a decoder with attention. */
interface Layers {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly attention: Attention;
  readonly combine: Linear;
  readonly out: Linear;
  /** What stands above the attention, in a conditional decoder. */
  readonly above?: LayersAbove;
  readonly lexical: LexicalModel | null;
}

/**
 * A decoder with attention after its recurrent layer, or between this and others, for many single steps without history,
 * over weights packed once. The same bits as `AttentionDecoder` and `ConditionalDecoder` give with dropout off. All is
 * copied: later changes are not seen.
 */
export class PackedAttentionDecoder extends PackedStepper<AttentionState> {
  readonly size: number;
  readonly #words: PackedWords;
  readonly #stepper: RecurrentStepper;
  readonly #attention: Attention;
  readonly #above: PackedAbove | null;
  readonly #combine: PackedLinear;
  readonly #out: PackedLinear;
  readonly #lexical: PackedLexical | null;

  constructor({ embedding, layer, attention, combine, out, above, lexical }: Layers) {
    super();
    this.size = out.outFeatures;
    this.#stepper = layer.module.stepper();
    this.#words = new PackedWords(embedding.weight, this.#stepper, { isRelu: false });
    this.#attention = attention.frozen();
    this.#above = above ? new PackedAbove(above) : null;
    this.#combine = new PackedLinear(combine);
    this.#out = new PackedLinear(out);
    this.#lexical = lexical && new PackedLexical(lexical);
  }

  step(ids: readonly number[], state: AttentionState): Step<AttentionState> {
    const rows = ids.length;
    const hidden = copyState(state.hidden);
    const [h, c = null] = stateParts(hidden).map(floatsOf);
    const query = this.#stepper.step(this.#words.gates(ids), h, c, rows); // [rows, H]
    const queries = new Tensor(new Floats(query), [1, rows, this.#stepper.hidden], "step");
    const [context, weights] = this.#attention.forward(queries, state.keys, state.columns);
    const seen = floatsOf(context);
    const top = this.#above ? this.#above.step(seen, h, c, rows) : query; // [rows, H]
    const joined = allocateUnset(seen.length + top.length, "float32");
    sideBySide(joined, seen, top, rows);
    const features = this.#combine.forward(joined, rows);
    kernels.tanh(features, features);
    const logits = this.#lexical
      ? this.#lexical.logits(features, weights, state, this.#out)
      : this.#out.forward(features, rows);
    return { logits, attention: floatsOf(weights), state: { ...state, hidden } };
  }

  protected free(): void {
    for (const part of [this.#words, this.#combine, this.#out]) part.free();
    this.#above?.free();
    this.#lexical?.free();
    this.#stepper.dispose();
  }

  select(state: AttentionState, rows: readonly number[]): AttentionState {
    return selectAttention(state, rows);
  }
}
