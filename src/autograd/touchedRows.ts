import { isExposed, isUnchanged, type Mark, markOf, type Tensor } from "../tensor/tensor.js";

/**
 * Which rows (first dimension) of a gradient may differ from zero: a batch touches few rows of an embedding, and clearing,
 * clipping and updating only those is what keeps a large vocabulary cheap. Known of gradients that backward alone has
 * written; once a program takes a gradient's floats, any row may differ.
 */
const known = new WeakMap<Tensor, { readonly rows: Set<number> | null; readonly mark: Mark }>();

/** The rows that may differ from zero, in no order; null when any may. */
export function touchedRowsOf(grad: Tensor): Set<number> | null {
  const entry = known.get(grad);
  return entry && !isExposed(grad) && isUnchanged(grad, entry.mark) ? entry.rows : null;
}

/** Says, right after writing to a gradient, which rows may differ from zero now. */
export function setTouchedRows(grad: Tensor, rows: Set<number> | null): void {
  known.set(grad, { rows, mark: markOf(grad) });
}

/** The same as a list. A loop: `Int32Array.from` would take ten times as long. */
export function listOf(rows: ReadonlySet<number>): Int32Array {
  const list = new Int32Array(rows.size);
  let i = 0;
  for (const row of rows) list[i++] = row;
  return list;
}
