import {
  add,
  concat,
  dropout,
  type PackedWeights,
  type RecurrentWeights,
  reshape,
  slice,
  stack,
  transpose,
} from "../autograd/ops/index.js";
import { type CellRule, layerColumns } from "../autograd/ops/recurrent/cell.js";
import { recurrentSequence } from "../autograd/ops/recurrent/sequence.js";
import { RecurrentStepper } from "../autograd/ops/recurrent/stepper.js";
import { isGradEnabled } from "../autograd/switches.js";
import { anything, checkOptions, flag, fraction, integer, type OptionTable } from "../options.js";
import { checkTensors, dtypeOption } from "../tensor/checks.js";
import { ones, zeros } from "../tensor/create.js";
import type { Indices } from "../tensor/intTensor.js";
import { type Generator, generatorOption } from "../tensor/random.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import type { DType } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Cached, cachedWeights } from "./cached.js";
import { uniform } from "./init.js";
import { checkSizes, Module } from "./module.js";
import { changed } from "./repr.js";
import { statesOf } from "./states.js";

export interface RecurrentModuleOptions {
  /** Layers on top of one another. Default 1. */
  readonly numLayers?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Whether the input is [B, T, F] and the output [B, T, H], rather than [T, B, …]. States are always [layers, B, H]. */
  readonly batchFirst?: boolean;
  /** Dropout on the output of every layer but the last, while training. Default 0. */
  readonly dropout?: number;
  /** Runs each layer in both directions, and joins their outputs. */
  readonly bidirectional?: boolean;
  /** Normalises both products of every step before their biases are added.  (Ba, Kiros and Hinton, 2016) */
  readonly layerNorm?: boolean;
  /** Whether every layer but the lowest adds what it reads (before dropout) to its output.  (He et al., 2016) */
  readonly residual?: boolean;
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly generator?: Generator;
}

export interface SequenceOptions {
  /** How long each sequence is, from 1 to T, in any order; outputs past the end are 0. Default: all T. */
  readonly lengths?: Indices;
}

type WeightOptions = Pick<RecurrentModuleOptions, "bias" | "layerNorm" | "dtype" | "generator">;

/** What a cell and a layer have in common. */
export const cellOptions = { bias: flag(), layerNorm: flag(), dtype: dtypeOption, generator: generatorOption } as const;

export const recurrentModuleOptions: OptionTable<RecurrentModuleOptions> = {
  numLayers: integer(1),
  bias: cellOptions.bias,
  batchFirst: flag(),
  dropout: fraction(),
  bidirectional: flag(),
  layerNorm: cellOptions.layerNorm,
  residual: flag(),
  dtype: cellOptions.dtype,
  generator: cellOptions.generator,
};
const SEQUENCE_OPTIONS: OptionTable<SequenceOptions> = { lengths: anything() };

/**
 * The weights of one layer in one direction, made and registered under PyTorch's names; those of layer normalisation, which
 * PyTorch has not, begin with `norm_`.
 */
export function makeWeights(
  register: (name: string, parameter: Tensor) => Tensor,
  suffix: string,
  sizes: { gates: number; input: number; hidden: number },
  { bias = true, layerNorm = false, dtype, generator }: WeightOptions,
): RecurrentWeights {
  const bound = 1 / Math.sqrt(sizes.hidden);
  const rows = sizes.gates * sizes.hidden;
  const fresh = (name: string, shape: Shape): Tensor =>
    register(name + suffix, uniform(zeros(shape, { dtype, lifetime: "persistent" }), -bound, bound, generator));
  const weightIh = fresh("weight_ih", [rows, sizes.input]);
  const weightHh = fresh("weight_hh", [rows, sizes.hidden]);
  if (!layerNorm) {
    const [biasIh, biasHh] = bias ? [fresh("bias_ih", [rows]), fresh("bias_hh", [rows])] : [null, null];
    return { weightIh, weightHh, biasIh, biasHh };
  }
  const even = (name: string, make: typeof ones): Tensor =>
    register(name + suffix, make([rows], { dtype, lifetime: "persistent" }));
  const gainIh = even("norm_ih_weight", ones);
  const biasIh = bias ? even("norm_ih_bias", zeros) : null;
  const gainHh = even("norm_hh_weight", ones);
  const biasHh = bias ? even("norm_hh_bias", zeros) : null;
  return { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh };
}

/**
 * Layers and directions around a recurrent op. Parameters are PyTorch's: `weight_ih_l0` [G·H, F], `weight_hh_l0`
 * [G·H, H], `bias_ih_l0`, `bias_hh_l0` [G·H], `_reverse` for the second direction; all start uniform in ±1/√H. With
 * `layerNorm`, each product is brought to mean 0 and variance 1 over all G·H numbers of a row, then scaled and shifted by
 * `norm_ih_weight_l0` and `norm_ih_bias_l0`, or `norm_hh_…`, [G·H], which take the biases' place and start at 1 and 0.
 */
export abstract class RecurrentBase extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly layerNorm: boolean;
  readonly residual: boolean;
  readonly #generator: Generator | undefined;
  readonly #weights: readonly (readonly RecurrentWeights[])[];
  /** The same packed, for when no history is wanted and weights therefore seldom change. */
  readonly #packed: readonly (readonly Cached<PackedWeights>[])[];
  /** The equations of the layer's cell. */
  protected readonly rule: CellRule;

  protected constructor(
    rule: CellRule,
    inputSize: number,
    hiddenSize: number,
    options: RecurrentModuleOptions,
    table: OptionTable<RecurrentModuleOptions> = recurrentModuleOptions,
  ) {
    super();
    checkOptions(new.target.name, table, options);
    const { numLayers = 1, batchFirst = false, dropout: p = 0, bidirectional = false } = options;
    const { layerNorm = false, residual = false } = options;
    checkSizes(new.target.name, { inputSize, hiddenSize });
    this.rule = rule;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bidirectional = bidirectional;
    this.batchFirst = batchFirst;
    this.dropout = p;
    this.layerNorm = layerNorm;
    this.residual = residual;
    this.#generator = options.generator;
    const directions = bidirectional ? ["", "_reverse"] : [""];
    const register = (key: string, parameter: Tensor): Tensor => this.registerParameter(key, parameter);
    this.#weights = Array.from({ length: numLayers }, (_, layer) => {
      const input = layer === 0 ? inputSize : hiddenSize * directions.length;
      const sizes = { gates: rule.gates, input, hidden: hiddenSize };
      return directions.map((direction) => makeWeights(register, `_l${layer}${direction}`, sizes, options));
    });
    this.#packed = this.#weights.map((directions) =>
      directions.map((weights) => this.owns(cachedWeights(layerColumns(weights)))),
    );
  }

  /** The weights of each layer, lowest first. Throws `TypeError` on a bidirectional one, which has two sets of them. */
  weights(): readonly RecurrentWeights[] {
    if (this.bidirectional)
      throw new TypeError(`${this.constructor.name}: expected one direction to step in, got both`);
    return this.#weights.map(([weights]) => weights);
  }

  /**
   * The layers made ready for single steps without history, which decoding consists of. Throws `TypeError` on a
   * bidirectional one: it has to see the end first.
   */
  stepper(): RecurrentStepper {
    return new RecurrentStepper(this.rule, this.weights(), { residual: this.residual });
  }

  /** All layers: x and the state as given → the output, and each kind of state stacked [layers · directions, B, H]. */
  protected runLayers(
    input: Tensor,
    state: Tensor | readonly [Tensor, Tensor] | null | undefined,
    sequence: SequenceOptions,
  ): [Tensor, Tensor[]] {
    const name = this.constructor.name;
    checkTensors(name, input);
    checkOptions(name, SEQUENCE_OPTIONS, sequence);
    const { lengths } = sequence;
    const initial = statesOf(name, this.rule.states, state);
    if (input.shape.length !== 3) {
      const layout = this.batchFirst ? "[B, T, F]" : "[T, B, F]";
      throw new RangeError(`${name}: expected an input ${layout}, got ${formatShape(input.shape)}`);
    }
    let x = this.batchFirst ? transpose(input, 0, 1) : input;
    const batch = x.shape[1];
    const directions = this.#weights[0].length;
    const stateShape = [this.numLayers * directions, batch, this.hiddenSize];
    for (const { shape } of initial) {
      if (!sameShape(shape, stateShape)) {
        throw new RangeError(`${name}: expected a state ${formatShape(stateShape)}, got ${formatShape(shape)}`);
      }
    }
    const finals: (readonly Tensor[])[] = [];
    this.#weights.forEach((perDirection, layer) => {
      const below = x;
      if (layer > 0) x = dropout(x, this.dropout, { training: this.training, generator: this.#generator });
      const outputs = perDirection.map((weights, direction) => {
        const index = layer * directions + direction;
        const [h0 = null, c0 = null] = initial.map((part) =>
          reshape(slice(part, 0, index, index + 1), [batch, this.hiddenSize]),
        );
        const packed = isGradEnabled() ? null : this.#packed[layer][direction].get();
        const options = { lengths, reverse: direction === 1 };
        const [output, ...last] = recurrentSequence(this.rule, x, h0, c0, weights, options, packed);
        finals.push(last);
        return output;
      });
      x = outputs.length > 1 ? concat(outputs, -1) : outputs[0];
      if (this.residual && layer > 0) x = add(x, below);
    });
    const output = this.batchFirst ? transpose(x, 0, 1) : x;
    return [output, finals[0].map((_, kind) => stack(finals.map((states) => states[kind])))];
  }

  protected override extraRepr(): string {
    const { inputSize, hiddenSize, numLayers, batchFirst, dropout, bidirectional, layerNorm, residual } = this;
    const bias = this.#weights[0][0].biasIh !== null;
    const defaults = { numLayers: 1, bias: true, batchFirst: false, dropout: 0, bidirectional: false };
    const options = changed(
      { numLayers, bias, batchFirst, dropout, bidirectional, layerNorm, residual },
      { ...defaults, layerNorm: false, residual: false },
    );
    return [inputSize, hiddenSize, ...options].join(", ");
  }
}
