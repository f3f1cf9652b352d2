import type { FloatArray } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkForward, isAnomalyEnabled } from "./anomaly.js";
import { type Accumulator, type BackwardMany, Edge, Node } from "./engine.js";
import { isGradEnabled } from "./switches.js";
import type { Unset } from "./unset.js";

/** `dy` is the gradient of the only output; `dxs` and `unset` as in {@link BackwardMany}. */
export type Backward = (dy: FloatArray, dxs: Accumulator[], unset: Unset) => void;

export interface RecordOptions {
  /** Per input: the rows that the backward writes when it leaves all others alone; missing or null means any. */
  readonly touchedRows?: readonly (Int32Array | null)[];
  /**
   * The tensors whose floats the backward reads: changing one of them in place before `backward` is an error there.
   * Default: all inputs and outputs.
   */
  readonly saved?: readonly (Tensor | null)[];
  /**
   * Whether the backward is handed gradients that hold anything yet, in `unset`: it must write every number of each such
   * gradient, and take it out. Default false: all that it is handed is to be added to.
   */
  readonly overwrites?: boolean;
  /** With `overwrites`, per input: floats that only the backward reads, to be turned into such a gradient in place. */
  readonly places?: readonly (FloatArray | null)[];
}

/**
 * Ends every op: names its output, and, if a gradient may be wanted, hangs the backward on it.
 * `inputs` may hold null where an optional input is absent. Returns the output (or outputs) given.
 * Throws `Error` on an output that is an input, or that has a history or wants a gradient already.
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
  const isWanted = isGradEnabled() && inputs.some((input) => input?.requiresGrad);
  if (isWanted) checkNew(name, outputs, inputs);
  for (const made of outputs) made.op = name;
  if (isAnomalyEnabled()) checkForward(name, outputs, inputs);
  if (!isWanted) return output;

  const many = single
    ? (dys: (FloatArray | null)[], dxs: Accumulator[], unset: Unset) =>
        (backward as Backward)(dys[0] as FloatArray, dxs, unset)
    : (backward as BackwardMany);
  const { touchedRows = [], saved = [...inputs, ...outputs], overwrites = false, places = [] } = options;
  const node = new Node(name, outputs, inputs, many, { touchedRows, saved, overwrites, places });
  outputs.forEach((made, index) => {
    made.requiresGrad = true;
    made.history = new Edge(node, index);
  });
  return output;
}

/** An output that stands elsewhere in the graph would lose what it was made of, and its gradient go astray. */
function checkNew(name: string, outputs: readonly Tensor[], inputs: readonly (Tensor | null)[]): void {
  for (const [i, made] of outputs.entries()) {
    const fault = inputs.includes(made)
      ? "one of the inputs"
      : made.history
        ? "a tensor that has a history"
        : made.requiresGrad
          ? "a leaf that requires grad"
          : null;
    if (fault) throw new Error(`record: expected output ${i} of ${name} to be new, got ${fault}`);
  }
}
