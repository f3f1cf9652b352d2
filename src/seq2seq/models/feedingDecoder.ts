import {
  type FeedingWeights,
  feedingColumns,
  inputFeeding,
  type PackedWeights,
  stack,
} from "../../autograd/ops/index.js";
import { cellRules } from "../../autograd/ops/recurrent/rules.js";
import { isGradEnabled } from "../../autograd/switches.js";
import { type Cached, cachedWeights } from "../../nn/cached.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import type { Indices } from "../../tensor/intTensor.js";
import { AttendingDecoder, type AttentionDecoderOptions, type Reading } from "./attendingDecoder.js";
import { type CellKind, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import { type AttentionState, layersOf, type State, stateParts } from "./state.js";

/**
 * As {@link AttentionDecoder}, but each step reads, beside its token, the feature of the step before: what it looked at
 * and made of it.  (Luong et al., 2015, section 3.3)
 *
 * @example
 * const decoder = new FeedingDecoder(64, 128, 1200);
 * const [features, next] = decoder.features(ids, decoder.start(encoded)); // [T, 3] → [T, 3, 64]
 */
export class FeedingDecoder extends AttendingDecoder {
  readonly layer: RecurrentLayer;
  readonly #cell: CellKind;
  readonly #weights: FeedingWeights;
  /** Between layers. */
  readonly #dropout: number;
  readonly #packed: Cached<PackedWeights>;

  /** `memorySize` is E, the width of the encoder's outputs. */
  constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions = {}) {
    super(hiddenSize, memorySize, outputSize, options);
    const { cell = "gru", numLayers, layerNorm, residual, dropout = 0, generator } = options;
    this.#cell = cell;
    this.#dropout = dropout;
    const inputSize = this.embeddingSize + this.combine.outFeatures;
    this.layer = recurrentLayer(cell, inputSize, hiddenSize, {
      ...{ numLayers, layerNorm, residual, dropout, generator },
    });
    this.registerModule(cell, this.layer.module);
    const { weight, bias } = this.combine;
    this.#weights = { layers: this.layer.module.weights(), combine: weight, combineBias: bias };
    this.#packed = this.owns(cachedWeights(feedingColumns(this.#weights, this.attention.queryWeight)));
  }

  protected read(input: Indices, state: AttentionState, options: SequenceOptions = {}): Reading {
    const [h, c] = stateParts(state.hidden).map(layersOf);
    const dropout = this.training ? this.#dropout : 0;
    const packed = isGradEnabled() ? null : this.#packed.get();
    const {
      features,
      weights,
      state: next,
    } = inputFeeding(
      cellRules[this.#cell],
      this.embedded(input),
      { h, c, feature: state.feature },
      this.#weights,
      this.attention.attended(state.keys, state.columns),
      { ...options, dropout, residual: this.layer.module.residual, generator: this.generator, packed },
    );
    const hidden: State = c ? [stack(next.h), stack(next.c)] : stack(next.h);
    return { features, weights, state: { ...state, hidden, feature: next.feature } };
  }
}
