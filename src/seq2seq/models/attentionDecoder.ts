import { concat, tanh } from "../../autograd/ops/index.js";
import { Cached } from "../../nn/cached.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import type { Indices } from "../../tensor/intTensor.js";
import { AttendingDecoder, type AttentionDecoderOptions, type Reading } from "./attendingDecoder.js";
import { PackedAttentionDecoder } from "./packedAttentionDecoder.js";
import { type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import type { AttentionState } from "./state.js";
import type { Stepper } from "./stepper.js";

/**
 * Predicts each next token from the one before, a state, and what of the source that state looks at: embedding, a
 * recurrent layer, attention over the encoder's outputs, `combine`, `out`.  (Luong et al., 2015, section 3)
 *
 * Nothing feeds back from the attention into the state, so that the attention over all target steps is one product.
 *
 * @example
 * const decoder = new AttentionDecoder(64, 128, 1200, { attention: "additive" });
 * const state = decoder.start(encoded);
 * const [features, next] = decoder.features(ids, state); // [T, 3] → [T, 3, 64]
 */
export class AttentionDecoder extends AttendingDecoder {
  readonly layer: RecurrentLayer;
  readonly #packed: Cached<PackedAttentionDecoder>;

  /** `memorySize` is E, the width of the encoder's outputs. */
  constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions = {}) {
    super(hiddenSize, memorySize, outputSize, options);
    const { cell = "gru", numLayers, layerNorm, residual, dropout, generator } = options;
    this.layer = recurrentLayer(cell, this.embeddingSize, hiddenSize, {
      ...{ numLayers, layerNorm, residual, dropout, generator },
    });
    this.registerModule(cell, this.layer.module);
    const pack = () => new PackedAttentionDecoder(this);
    this.#packed = this.owns(new Cached(this.parameters(), pack, (packed) => packed.replaced()));
  }

  protected read(input: Indices, state: AttentionState, options: SequenceOptions = {}): Reading {
    const [h, hidden] = this.layer.forward(this.embedded(input), state.hidden, options); // [T, B, H]
    const [context, weights] = this.attention.forward(h, state.keys, state.columns); // [T, B, E], [T, B, S]
    const features = tanh(this.combine.forward(concat([context, h], -1)));
    return { features, weights, state: { ...state, hidden } };
  }

  /** Steps over weights packed once, with the bits of `features` and `logits`. */
  override stepper(): Stepper<AttentionState> {
    return this.#packed.get().lend();
  }
}
