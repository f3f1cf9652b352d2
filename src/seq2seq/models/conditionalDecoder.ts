import {
  add,
  type ConditionalWeights,
  concat,
  conditional,
  conditionalColumns,
  dropout,
  type PackedWeights,
  slice,
  stack,
  tanh,
} from "../../autograd/ops/index.js";
import { cellRules } from "../../autograd/ops/recurrent/rules.js";
import { isGradEnabled } from "../../autograd/switches.js";
import { Cached, cachedWeights } from "../../nn/cached.js";
import { ModuleList } from "../../nn/containers.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import type { Indices } from "../../tensor/intTensor.js";
import type { Tensor } from "../../tensor/tensor.js";
import { AttendingDecoder, type AttentionDecoderOptions, type Reading } from "./attendingDecoder.js";
import { PackedAttentionDecoder } from "./packedAttentionDecoder.js";
import { type CellKind, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import { type AttentionState, layersOf, mapState, type State, stateParts } from "./state.js";
import type { Stepper } from "./stepper.js";

/**
 * Attention inside the step, between two cells: the first reads the token, what it makes of the state looks at the
 * source, and the second reads what was seen. With GRU cells, the conditional GRU.  (Sennrich et al., 2017, section 2)
 *
 * The first cell is registered under its kind, such as `gru`, the second under `context_gru`. Further layers, `upper`, read
 * what comes out of the second, step for step.
 *
 * @example
 * const decoder = new ConditionalDecoder(64, 128, 1200);
 * const [features, next] = decoder.features(ids, decoder.start(encoded)); // [T, 3] → [T, 3, 64]
 */
export class ConditionalDecoder extends AttendingDecoder {
  readonly layer: RecurrentLayer;
  readonly contextLayer: RecurrentLayer;
  readonly upper: readonly RecurrentLayer[];
  readonly #cell: CellKind;
  /** Between layers. */
  readonly #dropout: number;
  readonly #residual: boolean;
  readonly #weights: ConditionalWeights;
  readonly #packed: Cached<PackedWeights>;
  readonly #stepper: Cached<PackedAttentionDecoder>;

  /** `memorySize` is E, the width of the encoder's outputs. */
  constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions = {}) {
    super(hiddenSize, memorySize, outputSize, options);
    const { cell = "gru", numLayers = 1, layerNorm, residual = false, dropout = 0, generator } = options;
    this.#cell = cell;
    this.#dropout = dropout;
    this.#residual = residual;
    this.layer = recurrentLayer(cell, this.embeddingSize, hiddenSize, { layerNorm, generator });
    this.registerModule(cell, this.layer.module);
    this.contextLayer = recurrentLayer(cell, memorySize, hiddenSize, { layerNorm, generator });
    this.registerModule(`context_${cell}`, this.contextLayer.module);
    this.upper = Array.from({ length: numLayers - 1 }, () =>
      recurrentLayer(cell, hiddenSize, hiddenSize, { layerNorm, generator }),
    );
    if (numLayers > 1) this.registerModule("upper", new ModuleList(this.upper.map(({ module }) => module)));
    const [[first], [second]] = [this.layer.module.weights(), this.contextLayer.module.weights()];
    this.#weights = { first, second };
    this.#packed = this.owns(cachedWeights(conditionalColumns(this.#weights, this.attention.queryWeight)));
    const { embedding, layer, attention, combine, out, contextLayer, upper, lexical } = this;
    const above = { contextLayer, upper, residual };
    const pack = () => new PackedAttentionDecoder({ embedding, layer, attention, combine, out, above, lexical });
    this.#stepper = this.owns(new Cached(this.parameters(), pack, (packed) => packed.replaced()));
  }

  protected read(input: Indices, state: AttentionState, options: SequenceOptions = {}): Reading {
    const [h0, c0 = null] = stateParts(state.hidden).map((part) => layersOf(part)[0]);
    const attended = this.attention.attended(state.keys, state.columns);
    const all = { ...options, packed: isGradEnabled() ? null : this.#packed.get() };
    const [h, context, weights, hN, cN] = conditional(
      ...([cellRules[this.#cell], this.embedded(input), h0, c0, this.#weights, attended, all] as const),
    );
    const [top, states] = this.#runUpper(h, state.hidden, options); // [T, B, H]
    const features = tanh(this.combine.forward(concat([context, top], -1)));
    const lowest: State = cN ? [stack([hN]), stack([cN])] : stack([hN]);
    const hidden = mapState(lowest, (part, which) => {
      const parts = [part, ...states.map((upper) => stateParts(upper)[which])];
      return parts.length > 1 ? concat(parts) : part;
    });
    return { features, weights, state: { ...state, hidden } };
  }

  /** Steps over weights packed once, with the bits of `features` and `logits`. */
  override stepper(): Stepper<AttentionState> {
    return this.#stepper.get().lend();
  }

  /** The layers above: h [T, B, H] and the state of all layers → the highest one's output, and the state of each. */
  #runUpper(h: Tensor, hidden: State, options: SequenceOptions): [Tensor, State[]] {
    const { training, generator } = this;
    let x = h;
    const states = this.upper.map((layer, below) => {
      const before = mapState(hidden, (part) => slice(part, 0, below + 1, below + 2));
      const [output, state] = layer.forward(dropout(x, this.#dropout, { training, generator }), before, options);
      x = this.#residual ? add(output, x) : output;
      return state;
    });
    return [x, states];
  }
}
