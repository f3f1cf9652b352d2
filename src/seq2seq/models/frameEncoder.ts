import { add, concat, dropout, indexSelect, reshape } from "../../autograd/ops/index.js";
import { layoutOf } from "../../autograd/ops/recurrent/layout.js";
import { ModuleList } from "../../nn/containers.js";
import { checkSizes, Module } from "../../nn/module.js";
import type { RecurrentModuleOptions } from "../../nn/recurrentBase.js";
import { checkOptions, flag, fraction, integer, type OptionTable } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { zeros } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { positionalEncoding } from "./positionalEncoding.js";
import { type CellKind, cellOption, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import { mapState, type State, stateParts } from "./state.js";
import type { Encoded, SourceEncoder } from "./tokenDecoder.js";

export interface FrameEncoderOptions {
  /** Default "gru". The lowest layer, or without `subsample` all of them, is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  readonly bidirectional?: boolean;
  /** As in {@link RecurrentModuleOptions}. Default false. */
  readonly layerNorm?: boolean;
  /** The same, but for layers that read outputs joined by `subsample`: these are of another width. */
  readonly residual?: boolean;
  /** Between layers, while training. Default 0. */
  readonly dropout?: number;
  /** How many neighbouring frames the lowest layer reads at once, beside one another. Default 1. */
  readonly stack?: number;
  /** Above how many of the lowest layers every two neighbouring outputs are joined, below `numLayers`. Default 0. */
  readonly subsample?: number;
  /** Whether the memory tells of each state where it is, by {@link positionalEncoding}. Default false. */
  readonly positionalEncoding?: boolean;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<FrameEncoderOptions> = {
  cell: cellOption,
  numLayers: integer(1),
  bidirectional: flag(),
  layerNorm: flag(),
  residual: flag(),
  dropout: fraction(),
  stack: integer(1),
  subsample: integer(0),
  positionalEncoding: flag(),
  generator: generatorOption,
};

/**
 * Reads dense frames, such as those of sound, into states: recurrent layers, the lowest of which may read several frames at
 * once (`stack`; Sak et al., 2015), and the next ones two neighbouring outputs of the one below (`subsample`), as in a
 * pyramid: hᵢʲ = f(hᵢ₋₁ʲ, [h₂ᵢʲ⁻¹; h₂ᵢ₊₁ʲ⁻¹]) (Chan et al., 2016, equation 5). What is past a sequence's end counts as 0,
 * whatever stands there. Layers above the lowest that read joined outputs are registered as `upper`; the last of them has
 * all layers that are left. With `positionalEncoding`, what attention reads tells where it is: among parts that sound alike,
 * such as in "5959", it is their order by which a decoder finds the next one.
 *
 * @example
 * const encoder = new FrameEncoder(40, 64, { numLayers: 2, bidirectional: true, stack: 2, subsample: 1 });
 * const { memory, lengths } = encoder.encode(source, [80, 65]); // source [80, 2, 40] → [20, 2, 128] and [20, 17]
 */
export class FrameEncoder extends Module implements SourceEncoder<Tensor> {
  readonly features: number;
  readonly layer: RecurrentLayer;
  readonly upper: readonly RecurrentLayer[];
  readonly #stack: number;
  readonly #dropout: number;
  readonly #tellsPlaces: boolean;
  readonly #generator: Generator | undefined;

  /** `features` is F, the numbers of a frame. Throws `RangeError` on sizes and options out of range. */
  constructor(features: number, hiddenSize: number, options: FrameEncoderOptions = {}) {
    super();
    checkOptions("FrameEncoder", OPTIONS, options);
    checkSizes("FrameEncoder", { features, hiddenSize });
    const { cell = "gru", numLayers = 1, dropout = 0, stack = 1, subsample = 0, generator } = options;
    const { bidirectional = false, layerNorm, residual } = options;
    if (subsample >= numLayers) {
      throw new RangeError(`FrameEncoder: expected subsample below numLayers ${numLayers}, got ${subsample}`);
    }
    const layers = (inputSize: number, count: number): RecurrentLayer =>
      recurrentLayer(cell, inputSize, hiddenSize, {
        ...{ numLayers: count, bidirectional, layerNorm, residual, dropout, generator },
      });
    this.features = features;
    this.layer = layers(features * stack, subsample > 0 ? 1 : numLayers);
    this.registerModule(cell, this.layer.module);
    const joined = (bidirectional ? 4 : 2) * hiddenSize;
    this.upper = Array.from({ length: subsample }, (_, i) =>
      layers(joined, i + 1 < subsample ? 1 : numLayers - subsample),
    );
    if (subsample > 0) this.registerModule("upper", new ModuleList(this.upper.map(({ module }) => module)));
    this.#stack = stack;
    this.#dropout = dropout;
    this.#tellsPlaces = options.positionalEncoding ?? false;
    this.#generator = generator;
  }

  /**
   * source [T, B, F], how many of the T frames are real (default: all) → memory [S, B, directions · H], its lengths, and the
   * last state of each layer, S being T divided by `stack` and 2 for each `subsample`, rounded up each time.
   * Throws `RangeError` on frames of another width and on lengths outside 1 to T.
   */
  encode(source: Tensor, lengths?: Indices): Encoded {
    checkTensors("FrameEncoder", source);
    const [T, B, F] = source.shape;
    if (source.shape.length !== 3 || F !== this.features || T === 0) {
      const got = formatShape(source.shape);
      throw new RangeError(`FrameEncoder: expected frames [T, B, ${this.features}] with T ≥ 1, got ${got}`);
    }
    if (lengths !== undefined) layoutOf("FrameEncoder", T, B, lengths); // throws
    const { training } = this;
    let read: Sequences = { x: source, lengths };
    if (this.#stack > 1) read = joinSteps(read, this.#stack);
    const lasts: State[] = [];
    [this.layer, ...this.upper].forEach((layer, i) => {
      if (i > 0) {
        const dropped = dropout(read.x, this.#dropout, { training, generator: this.#generator });
        read = joinSteps({ ...read, x: dropped }, 2);
      }
      const [x, last] = layer.forward(read.x, null, { lengths: read.lengths });
      read = { ...read, x };
      lasts.push(last);
    });
    const [steps, , D] = read.x.shape;
    const memory = this.#tellsPlaces ? add(read.x, positionalEncoding(steps, D, read.x.dtype)) : read.x; // [S, B, D]
    return { memory, lengths: read.lengths, last: ofAllLayers(lasts) };
  }
}

/** Padded sequences [T, B, D] and how long each is. */
interface Sequences {
  readonly x: Tensor;
  readonly lengths: Indices | undefined;
}

/** [T, B, D] → [⌈T / n⌉, B, n · D]: every n neighbouring steps beside one another, 0 in the place of those past an end. */
function joinSteps({ x, lengths }: Sequences, n: number): Sequences {
  const [T, B, D] = x.shape;
  const steps = Math.ceil(T / n);
  const ends = lengths === undefined ? null : intTensor(lengths).data;
  const zero = T * B; // the row behind all others
  const rows = new Int32Array(steps * B * n);
  for (let t = 0, i = 0; t < steps; t++) {
    for (let b = 0; b < B; b++) {
      for (let at = t * n; at < (t + 1) * n; at++) rows[i++] = at < (ends?.[b] ?? T) ? at * B + b : zero;
    }
  }
  const all = concat([reshape(x, [T * B, D]), zeros([1, D], { dtype: x.dtype })]);
  return {
    x: reshape(indexSelect(all, 0, rows), [steps, B, n * D]),
    lengths: ends ? ends.map((length) => Math.ceil(length / n)) : undefined,
  };
}

/** The states of several layers, lowest first, as that of all. */
function ofAllLayers(states: readonly State[]): State {
  if (states.length === 1) return states[0];
  return mapState(states[0], (_, which) => concat(states.map((state) => stateParts(state)[which])));
}
