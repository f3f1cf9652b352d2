import { touchedRowsOf } from "../autograd/touchedRows.js";
import { numel } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Calls `visit(start, end)` for each stretch of elements that may differ from zero in a gradient: its touched rows in
 * ascending order, neighbours joined; once for everything when any row may. Ascending, since a set remembers the
 * order of insertion, and a sum must not depend on it.
 */
export function forTouched(grad: Tensor, visit: (start: number, end: number) => void): void {
  const touched = touchedRowsOf(grad);
  if (!touched || grad.shape.length < 2) {
    visit(0, numel(grad.shape));
    return;
  }
  const width = rowWidth(grad);
  const rows = Int32Array.from(touched).sort();
  for (let first = 0, last = 0; first < rows.length; first = last + 1) {
    last = first;
    while (rows[last + 1] === rows[last] + 1) last++;
    visit(rows[first] * width, (rows[last] + 1) * width);
  }
}

/** How many elements a row has. A vector is one row: walking it number by number would save nothing. */
export function rowWidth({ shape }: Tensor): number {
  return numel(shape.length < 2 ? shape : shape.slice(1));
}
