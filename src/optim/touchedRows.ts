import { listOf, touchedRowsOf } from "../autograd/touchedRows.js";
import { numel } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * The rows that may differ from zero in a gradient, or null when any may. Ascending, since a set remembers the order of
 * insertion, and a sum must not depend on it. A vector is one row: walking it number by number would save nothing.
 */
export function touchedRows(grad: Tensor): Int32Array | null {
  const touched = grad.shape.length < 2 ? null : touchedRowsOf(grad);
  return touched && listOf(touched).sort();
}

/** How many elements a row has. */
export function rowWidth({ shape }: Tensor): number {
  return numel(shape.length < 2 ? shape : shape.slice(1));
}
