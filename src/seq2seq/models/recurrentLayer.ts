import { GRU } from "../../nn/gru.js";
import { LSTM } from "../../nn/lstm.js";
import type { RecurrentModuleOptions, SequenceOptions } from "../../nn/recurrentBase.js";
import { RNN } from "../../nn/rnn.js";
import { type Option, oneOf } from "../../options.js";
import { show } from "../../show.js";
import { zeros } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { State } from "./state.js";

/** The kinds of recurrent cell; each names its layer in the state dict. */
export type CellKind = "rnn" | "gru" | "lstm";

export const cellOption: Option<CellKind> = oneOf(["rnn", "gru", "lstm"]);

/** One of the three recurrent layers, behind the one signature that encoder and decoder need. */
export interface RecurrentLayer {
  readonly module: RNN | GRU | LSTM;
  forward(x: Tensor, state: State | null | undefined, options?: SequenceOptions): [Tensor, State];
  /** The state of `count` rows before anything was read: zeros [layers · directions, count, H]. */
  start(count: number): State;
}

/** Makes the layer for a kind of cell; its `forward` throws `TypeError` on another kind's state. */
export function recurrentLayer(
  kind: CellKind,
  inputSize: number,
  hiddenSize: number,
  options: RecurrentModuleOptions,
): RecurrentLayer {
  if (kind === "lstm") {
    const module = new LSTM(inputSize, hiddenSize, options);
    return {
      module,
      start: (count) => [zeroState(module, count), zeroState(module, count)],
      forward: (x, state, sequence) => {
        return module.forward(x, state as readonly [Tensor, Tensor] | null | undefined, sequence);
      },
    };
  }
  if (kind !== "gru" && kind !== "rnn") throw new TypeError(`cell: expected "rnn", "gru" or "lstm", got ${show(kind)}`);
  const module = kind === "gru" ? new GRU(inputSize, hiddenSize, options) : new RNN(inputSize, hiddenSize, options);
  return {
    module,
    start: (count) => zeroState(module, count),
    forward: (x, state, sequence) => {
      return module.forward(x, state as Tensor | null | undefined, sequence);
    },
  };
}

function zeroState({ numLayers, bidirectional, hiddenSize }: RNN | GRU | LSTM, count: number): Tensor {
  return zeros([numLayers * (bidirectional ? 2 : 1), count, hiddenSize]);
}
