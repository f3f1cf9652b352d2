import { type RecurrentWeights, reshape } from "../autograd/ops/index.js";
import type { CellRule } from "../autograd/ops/recurrent/cell.js";
import { gruRule } from "../autograd/ops/recurrent/gru.js";
import { lstmRule } from "../autograd/ops/recurrent/lstm.js";
import { nonlinearityOption, rnnRules } from "../autograd/ops/recurrent/rnn.js";
import { recurrentSequence } from "../autograd/ops/recurrent/sequence.js";
import { RecurrentStepper } from "../autograd/ops/recurrent/stepper.js";
import { isGradEnabled } from "../autograd/switches.js";
import { checkOptions, type OptionTable } from "../options.js";
import { checkTensors } from "../tensor/checks.js";
import type { Generator } from "../tensor/random.js";
import { formatShape } from "../tensor/shape.js";
import type { DType } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { Cached } from "./cached.js";
import { checkSizes, Module } from "./module.js";
import { cellOptions, makeWeights } from "./recurrentBase.js";
import { changed } from "./repr.js";
import { statesOf } from "./states.js";

export interface CellOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Normalises both products before their biases are added.  (Ba, Kiros and Hinton, 2016) */
  readonly layerNorm?: boolean;
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly generator?: Generator;
}

export interface RnnCellOptions extends CellOptions {
  /** Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

const RNN_OPTIONS: OptionTable<RnnCellOptions> = { ...cellOptions, nonlinearity: nonlinearityOption };

/**
 * One step of one layer. Parameters `weight_ih` [G·H, F], `weight_hh` [G·H, H], and two biases or, with `layerNorm`, weight
 * and bias of two norms, as in {@link RecurrentBase}.
 */
abstract class Cell extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly #rule: CellRule;
  readonly #weights: RecurrentWeights;
  readonly #stepper: Cached<RecurrentStepper>;

  protected constructor(
    rule: CellRule,
    inputSize: number,
    hiddenSize: number,
    options: CellOptions,
    table: OptionTable<CellOptions> = cellOptions,
  ) {
    super();
    checkOptions(new.target.name, table, options);
    checkSizes(new.target.name, { inputSize, hiddenSize });
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.#rule = rule;
    const sizes = { gates: rule.gates, input: inputSize, hidden: hiddenSize };
    this.#weights = makeWeights((name, parameter) => this.registerParameter(name, parameter), "", sizes, options);
    const make = () => new RecurrentStepper(rule, [this.#weights]);
    this.#stepper = this.owns(new Cached(this.parameters(), make, (stepper) => stepper.dispose()));
  }

  /** x [B, F], the state before (zeros where missing) → the parts of the state after, [B, H] each. */
  protected step(x: Tensor, state?: Tensor | readonly [Tensor, Tensor] | null): readonly Tensor[] {
    checkTensors(this.constructor.name, x);
    const [h = null, c = null] = statesOf(this.constructor.name, this.#rule.states, state);
    if (x.shape.length !== 2) {
      throw new RangeError(`${this.constructor.name}: expected an input [B, F], got ${formatShape(x.shape)}`);
    }
    if (isGradEnabled()) {
      return recurrentSequence(this.#rule, reshape(x, [1, ...x.shape]), h, c, this.#weights, {}).slice(1);
    }
    return this.#stepper.get().single(x, h, c);
  }

  protected override extraRepr(): string {
    const { biasIh, gainIh } = this.#weights;
    const options = changed({ bias: biasIh !== null, layerNorm: Boolean(gainIh) }, { bias: true, layerNorm: false });
    return [this.inputSize, this.hiddenSize, ...options].join(", ");
  }
}

/** One step of {@link RNN}. */
export class RNNCell extends Cell {
  readonly nonlinearity: "tanh" | "relu";

  constructor(inputSize: number, hiddenSize: number, options: RnnCellOptions = {}) {
    super(rnnRules[options?.nonlinearity ?? "tanh"], inputSize, hiddenSize, options, RNN_OPTIONS);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  /** x [B, F], h [B, H] (zeros unless given) → [B, H]. Throws `RangeError` on shapes that do not fit. */
  forward(x: Tensor, h?: Tensor | null): Tensor {
    return this.step(x, h)[0];
  }

  protected override extraRepr(): string {
    return [super.extraRepr(), ...changed({ nonlinearity: this.nonlinearity }, { nonlinearity: "tanh" })].join(", ");
  }
}

/** One step of {@link GRU}. */
export class GRUCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(gruRule, inputSize, hiddenSize, options);
  }

  /** x [B, F], h [B, H] (zeros unless given) → [B, H]. Throws `RangeError` on shapes that do not fit. */
  forward(x: Tensor, h?: Tensor | null): Tensor {
    return this.step(x, h)[0];
  }
}

/** One step of {@link LSTM}. */
export class LSTMCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(lstmRule, inputSize, hiddenSize, options);
  }

  /** x [B, F], (h, c) [B, H] each (zeros unless given) → [h, c], [B, H] each. Throws `RangeError` on shapes that do not fit. */
  forward(x: Tensor, state?: readonly [Tensor, Tensor] | null): [Tensor, Tensor] {
    const [h, c] = this.step(x, state);
    return [h, c];
  }
}
