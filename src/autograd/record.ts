import type { FloatArray } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Accumulator, type BackwardMany, Edge, Node } from "./engine.js";
import { isGradEnabled } from "./switches.js";

/** `dy` is the gradient of the only output; `dxs` as in {@link BackwardMany}. */
export type Backward = (dy: FloatArray, dxs: Accumulator[]) => void;

export interface RecordOptions {
  /** Per input: the rows that the backward writes when it leaves all others alone; missing or null means any. */
  readonly touchedRows?: readonly (Int32Array | null)[];
}

/**
 * Ends every op: names its output, and, if a gradient may be wanted, hangs the backward on it.
 * `inputs` may hold null where an optional input is absent. Returns the output (or outputs) given.
 *
 * @example
 * // y = tanh(x),  dx += dy · (1 − y²)
 * return record("tanh", y, [x], (dy, [dx]) => {
 *   if (dx) kernels.tanhBackward(dx, dy, y.data);
 * });
 */
export function record(
  name: string,
  output: Tensor,
  inputs: readonly (Tensor | null)[],
  backward: Backward,
  options?: RecordOptions,
): Tensor;
export function record<T extends readonly Tensor[]>(
  name: string,
  outputs: T,
  inputs: readonly (Tensor | null)[],
  backward: BackwardMany,
  options?: RecordOptions,
): T;
export function record(
  name: string,
  output: Tensor | readonly Tensor[],
  inputs: readonly (Tensor | null)[],
  backward: Backward | BackwardMany,
  options: RecordOptions = {},
): Tensor | readonly Tensor[] {
  const single = !Array.isArray(output);
  const outputs = single ? [output as Tensor] : (output as readonly Tensor[]);
  for (const made of outputs) made.op = name;
  if (!isGradEnabled() || !inputs.some((input) => input?.requiresGrad)) return output;

  const many = single
    ? (dys: (FloatArray | null)[], dxs: Accumulator[]) => (backward as Backward)(dys[0] as FloatArray, dxs)
    : (backward as BackwardMany);
  const node = new Node(name, outputs, inputs, many, options.touchedRows ?? []);
  outputs.forEach((made, index) => {
    made.requiresGrad = true;
    made.history = new Edge(node, index);
  });
  return output;
}
