import { indexSelect } from "../../autograd/ops/index.js";
import { GRU } from "../../nn/gru.js";
import { LSTM } from "../../nn/lstm.js";
import type { RecurrentModuleOptions, SequenceOptions } from "../../nn/recurrentBase.js";
import { RNN } from "../../nn/rnn.js";
import { type Indices, type IntTensor, intTensor } from "../../tensor/intTensor.js";
import { formatShape } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";

/** The kinds of recurrent cell; each names its layer in the state dict. */
export type CellKind = "rnn" | "gru" | "lstm";

/** What a recurrent layer carries from step to step: h [layers · directions, B, H], or an LSTM's pair [h, c] of them. */
export type State = Tensor | readonly [Tensor, Tensor];

/** The tensors of a state: one, or an LSTM's two. */
export function stateParts(state: State): readonly Tensor[] {
  return state instanceof Tensor ? [state] : state;
}

/** The same kind of state with every part replaced by what `change` makes of it. */
export function mapState(state: State, change: (part: Tensor, which: number) => Tensor): State {
  return state instanceof Tensor ? change(state, 0) : [change(state[0], 0), change(state[1], 1)];
}

/** The state of some of the batch's sequences, in the order asked for (one may come several times): [layers, B, H] → [layers, n, H]. */
export function selectSequences(state: State, sequences: readonly number[]): State {
  return mapState(state, (part) => indexSelect(part, 1, Int32Array.from(sequences)));
}

/** One of the three recurrent layers, behind the one signature that encoder and decoder need. */
export interface RecurrentLayer {
  readonly module: RNN | GRU | LSTM;
  forward(x: Tensor, state: State | null | undefined, options?: SequenceOptions): [Tensor, State];
}

/** Makes the layer for a kind of cell; its `forward` throws `TypeError` on the other kind's state. */
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
      forward: (x, state, sequence) => {
        if (state instanceof Tensor) throw new TypeError("lstm: expected a state [h, c], got one tensor");
        return module.forward(x, state, sequence);
      },
    };
  }
  if (kind !== "gru" && kind !== "rnn")
    throw new TypeError(`cell: expected "rnn", "gru" or "lstm", got ${String(kind)}`);
  const module = kind === "gru" ? new GRU(inputSize, hiddenSize, options) : new RNN(inputSize, hiddenSize, options);
  return {
    module,
    forward: (x, state, sequence) => {
      if (state && !(state instanceof Tensor))
        throw new TypeError(`${kind}: expected a state of one tensor, got a pair`);
      return module.forward(x, state, sequence);
    },
  };
}

/** Token ids as [T, B]: a single id is [1, 1], a plain list one sequence [T, 1]. */
export function asSequence(op: string, input: Indices): IntTensor {
  const ids = intTensor(input);
  if (ids.shape.length > 2) {
    throw new RangeError(`${op}: expected token ids [], [T] or [T, B], got ${formatShape(ids.shape)}`);
  }
  return ids.shape.length === 2 ? ids : intTensor(ids, [ids.data.length, 1]);
}
