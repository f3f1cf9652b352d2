import {
  type ConditionalWeights,
  concat,
  conditional,
  conditionalColumns,
  type PackedWeights,
  stack,
  tanh,
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
 * Attention inside the step, between two cells: the first reads the token, what it makes of the state looks at the
 * source, and the second reads what was seen. With GRU cells, the conditional GRU.  (Sennrich et al., 2017, section 2)
 *
 * The first cell is registered under its kind, such as `gru`, the second under `context_gru`.
 *
 * @example
 * const decoder = new ConditionalDecoder(64, 128, 1200);
 * const [features, next] = decoder.features(ids, decoder.start(encoded)); // [T, 3] → [T, 3, 64]
 */
export class ConditionalDecoder extends AttendingDecoder {
  readonly layer: RecurrentLayer;
  readonly contextLayer: RecurrentLayer;
  readonly #cell: CellKind;
  readonly #weights: ConditionalWeights;
  readonly #packed: Cached<PackedWeights>;

  /** `memorySize` is E, the width of the encoder's outputs. Throws `RangeError` on more than one layer. */
  constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions = {}) {
    super(hiddenSize, memorySize, outputSize, options);
    const { cell = "gru", numLayers = 1, generator } = options;
    if (numLayers !== 1) throw new RangeError(`ConditionalDecoder: expected one layer, got ${numLayers}`);
    this.#cell = cell;
    this.layer = recurrentLayer(cell, this.embeddingSize, hiddenSize, { generator });
    this.registerModule(cell, this.layer.module);
    this.contextLayer = recurrentLayer(cell, memorySize, hiddenSize, { generator });
    this.registerModule(`context_${cell}`, this.contextLayer.module);
    const [[first], [second]] = [this.layer.module.weights(), this.contextLayer.module.weights()];
    this.#weights = { first, second };
    this.#packed = this.owns(cachedWeights(conditionalColumns(this.#weights, this.attention.queryWeight)));
  }

  protected read(input: Indices, state: AttentionState, options: SequenceOptions = {}): Reading {
    const [h0, c0 = null] = stateParts(state.hidden).map((part) => layersOf(part)[0]);
    const attended = this.attention.attended(state.keys, state.columns);
    const all = { ...options, packed: isGradEnabled() ? null : this.#packed.get() };
    const [h, context, weights, hN, cN] = conditional(
      ...([cellRules[this.#cell], this.embedded(input), h0, c0, this.#weights, attended, all] as const),
    );
    const features = tanh(this.combine.forward(concat([context, h], -1)));
    const hidden: State = cN ? [stack([hN]), stack([cN])] : stack([hN]);
    return { features, weights, state: { ...state, hidden } };
  }
}
