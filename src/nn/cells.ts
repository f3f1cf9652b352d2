import { gru, lstm, type RecurrentWeights, reshape, rnn } from "../autograd/ops/index.js";
import type { Generator } from "../tensor/random.js";
import { formatShape } from "../tensor/shape.js";
import type { DType } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkSizes, Module } from "./module.js";
import { makeWeights } from "./recurrentBase.js";

export interface CellOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly generator?: Generator;
}

/** One step of one layer: a sequence of length 1. Parameters `weight_ih` [G·H, F], `weight_hh` [G·H, H], and two biases. */
abstract class Cell extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  protected readonly weights: RecurrentWeights;

  protected constructor(gates: number, inputSize: number, hiddenSize: number, options: CellOptions) {
    super();
    checkSizes(new.target.name, { inputSize, hiddenSize });
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const sizes = { gates, input: inputSize, hidden: hiddenSize };
    this.weights = makeWeights((name, parameter) => this.registerParameter(name, parameter), "", sizes, options);
  }

  /** x [B, F] → [1, B, F] */
  protected asSequence(x: Tensor): Tensor {
    if (x.shape.length !== 2) {
      throw new RangeError(`${this.constructor.name}: expected an input [B, F], got ${formatShape(x.shape)}`);
    }
    return reshape(x, [1, ...x.shape]);
  }
}

/** One step of {@link RNN}. */
export class RNNCell extends Cell {
  readonly nonlinearity: "tanh" | "relu";

  constructor(
    inputSize: number,
    hiddenSize: number,
    options: CellOptions & { readonly nonlinearity?: "tanh" | "relu" } = {},
  ) {
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  /** x [B, F], h [B, H] (zeros unless given) → [B, H]. Throws `RangeError` on shapes that do not fit. */
  forward(x: Tensor, h?: Tensor | null): Tensor {
    return rnn(this.asSequence(x), h ?? null, this.weights, { nonlinearity: this.nonlinearity })[1];
  }
}

/** One step of {@link GRU}. */
export class GRUCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(3, inputSize, hiddenSize, options);
  }

  /** x [B, F], h [B, H] (zeros unless given) → [B, H]. Throws `RangeError` on shapes that do not fit. */
  forward(x: Tensor, h?: Tensor | null): Tensor {
    return gru(this.asSequence(x), h ?? null, this.weights)[1];
  }
}

/** One step of {@link LSTM}. */
export class LSTMCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(4, inputSize, hiddenSize, options);
  }

  /** x [B, F], (h, c) [B, H] each (zeros unless given) → [h, c], [B, H] each. Throws `RangeError` on shapes that do not fit. */
  forward(x: Tensor, state?: readonly [Tensor, Tensor] | null): [Tensor, Tensor] {
    const [, h, c] = lstm(this.asSequence(x), state?.[0] ?? null, state?.[1] ?? null, this.weights);
    return [h, c];
  }
}
