import { concat, indexSelect, reshape, slice, stack } from "../../autograd/ops/index.js";
import type { AttentionKeys } from "../../nn/attention.js";
import { Floats } from "../../tensor/floats.js";
import { allocateUnset } from "../../tensor/storage.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";

/** What a recurrent layer carries from step to step: h [layers · directions, B, H], or an LSTM's pair [h, c] of them. */
export type State = Tensor | readonly [Tensor, Tensor];

/** The state without its history, kept beyond the scope it was made in: what the next piece of a long sequence begins with. */
export function carried(state: State): State {
  return mapState(state, (part) => new Tensor(new Floats(floatsOf(part).slice(), "persistent"), part.shape, "state"));
}

/** The tensors of a state: one, or an LSTM's two. */
export function stateParts(state: State): readonly Tensor[] {
  return state instanceof Tensor ? [state] : state;
}

/** The same kind of state with every part replaced by what `change` makes of it. */
export function mapState(state: State, change: (part: Tensor, which: number) => Tensor): State {
  return state instanceof Tensor ? change(state, 0) : [change(state[0], 0), change(state[1], 1)];
}

/** The state of some of the batch's rows, in the order asked for (one may come several times): [layers, B, H] → [layers, n, H]. */
export function selectRows(state: State, rows: readonly number[]): State {
  return mapState(state, (part) => indexSelect(part, 1, Int32Array.from(rows)));
}

/** One part of a state as a tensor for each layer: [layers, B, H] → [B, H] each. */
export function layersOf(part: Tensor): Tensor[] {
  const [layers, ...shape] = part.shape;
  return Array.from({ length: layers }, (_, layer) => reshape(slice(part, 0, layer, layer + 1), shape));
}

/** The hidden state of the last layer: [layers, B, H] → [B, H]. */
export function lastLayer(state: State): Tensor {
  const [h] = stateParts(state);
  return reshape(slice(h, 0, -1), h.shape.slice(1));
}

/** Where a decoder over a fixed context stands. */
export interface DecoderState {
  readonly hidden: State;
  /** [B, H]: what every step reads beside its token, where it does */
  readonly context: Tensor | null;
}

/** Where a decoder with attention stands. */
export interface AttentionState {
  readonly hidden: State;
  /** Made once a source, and shared by all rows that come from it. */
  readonly keys: AttentionKeys;
  /** [S, B, F]: the source's embedded words, for a lexical model; null without one */
  readonly words: Tensor | null;
  /** [rows]: which source each row looks at; row r at source r where undefined */
  readonly columns: Int32Array | undefined;
  /** [rows, O]: with input feeding, the last step's feature; zeros where null */
  readonly feature: Tensor | null;
}

/** The state of some rows; the keys stay as they are. */
export function selectAttention(state: AttentionState, rows: readonly number[]): AttentionState {
  const { hidden, columns, feature } = state;
  return {
    ...state,
    hidden: selectRows(hidden, rows),
    columns: Int32Array.from(rows, (row) => columns?.[row] ?? row),
    feature: feature && indexSelect(feature, 0, Int32Array.from(rows)),
  };
}

/** A state that a step may write over. */
export function copyState(state: State): State {
  return mapState(state, (part) => {
    const from = floatsOf(part);
    const floats = allocateUnset(from.length, "float32");
    floats.set(from);
    return new Tensor(new Floats(floats), part.shape, "step");
  });
}

/** [B, layers · H] → [layers, B, H] */
export function splitLayers(states: Tensor, width: number): Tensor {
  const layers = states.shape[1] / width;
  return stack(Array.from({ length: layers }, (_, layer) => slice(states, 1, layer * width, (layer + 1) * width)));
}

/** [layers · 2, B, H] → [layers, B, 2H]: both directions of a layer side by side. */
export function joinDirections(state: Tensor): Tensor {
  const [rows, batch, hidden] = state.shape;
  const parts = Array.from({ length: rows }, (_, i) => reshape(slice(state, 0, i, i + 1), [batch, hidden]));
  return stack(Array.from({ length: rows / 2 }, (_, layer) => concat(parts.slice(2 * layer, 2 * layer + 2), -1)));
}
