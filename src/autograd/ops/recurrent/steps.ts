import { allocateUnset, type FloatArray } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import type { Accumulator, BackwardMany } from "../../engine.js";
import { record } from "../../record.js";
import { begun, type Unset } from "../../unset.js";
import type { RecurrentOptions } from "./cell.js";
import { addScattered, gathered, type Layout, layoutOf, padded, sorted, unsorted } from "./layout.js";

/**
 * What a kind of sequence does at each of its steps. Rows of inputs and outputs are in packed order: step by step, longest
 * sequence first, N in all. Rows of states are those of the batch, longest first; a step changes those still running.
 */
export interface Steps {
  /** What the steps leave for the caller, [N, width] each. */
  readonly outputs: readonly { readonly rows: FloatArray; readonly width: number }[];
  /** Step t: the states [B, width] become the next ones. */
  forward(t: number, states: readonly FloatArray[]): void;
  /**
   * Step t again: dstates, the gradients of what it made of the states, become those of what it was given. doutputs
   * [N, width] are those of the outputs, null where nothing depends on one. Unless `isWanted` nobody will read dstates.
   */
  backward(
    t: number,
    dstates: readonly FloatArray[],
    doutputs: readonly (FloatArray | null)[],
    isWanted: boolean,
  ): void;
  /** Once every step has gone backward: adds the gradients of the inputs [N, F] and of the parameters. */
  gradients(dinputs: Accumulator, dparameters: readonly Accumulator[], unset: Unset): void;
}

/** A state before the first step, [B, width]; null for zeros. */
export interface InitialState {
  readonly given: Tensor | null;
  readonly width: number;
}

/**
 * A whole sequence as one op: packs the rows of x [T, B, F] that are real, runs the steps that `make` makes of them, and
 * returns their outputs [T, B, width], 0 past each sequence's end, and then each state [B, width] at its sequence's end.
 * Throws `RangeError` on lengths that do not fit.
 */
export function sequence(
  op: string,
  x: Tensor,
  initial: readonly InitialState[],
  parameters: readonly (Tensor | null)[],
  { lengths, reverse = false }: RecurrentOptions,
  make: (inputs: FloatArray, layout: Layout) => Steps,
): Tensor[] {
  const [T, B, F] = x.shape;
  const layout = layoutOf(op, T, B, lengths);
  const { tokens, order } = layout;
  const times = Array.from({ length: T }, (_, t) => (reverse ? T - 1 - t : t));
  const steps = make(gathered(floatsOf(x), tokens, F), layout);
  const states = initial.map(({ given, width }) => sorted(given && floatsOf(given), layout, width, x.dtype));
  for (const t of times) steps.forward(t, states);

  const outputs = steps.outputs.map(({ rows, width }) => padded(op, rows, layout, width));
  const finals = states.map((state, i) => unsorted(op, state, layout, initial[i].width));
  const inputs = [x, ...initial.map(({ given }) => given), ...parameters];
  const flow: BackwardMany = (dys, [dx, ...dothers], unset) => {
    const doutputs = steps.outputs.map(({ width }, i) => dys[i] && gathered(dys[i], tokens, width));
    const dstates = initial.map(({ width }, i) => sorted(dys[outputs.length + i], layout, width, x.dtype));
    const isFirstWanted = dothers.slice(0, initial.length).some((dgiven) => dgiven !== null);
    for (const t of times.toReversed()) steps.backward(t, dstates, doutputs, t !== times[0] || isFirstWanted);
    const dinputs = dx && tokens ? allocateUnset(layout.total * F, x.dtype) : dx;
    if (dinputs && tokens) unset.add(dinputs);
    steps.gradients(dinputs, dothers.slice(initial.length), unset);
    if (dx && dinputs && tokens) addScattered(begun(dx, unset), dinputs, tokens, F);
    dstates.forEach((dstate, i) => {
      const dgiven = dothers[i];
      if (dgiven) addScattered(begun(dgiven, unset), dstate, order, initial[i].width);
    });
  };
  return record(op, [...outputs, ...finals], inputs, flow, { overwrites: true }) as Tensor[];
}
