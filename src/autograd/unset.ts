import { allocate, clear, dtypeOf, type FloatArray } from "../tensor/storage.js";

/**
 * The gradients that hold anything yet, since nobody has written to them. Who is first takes it out and overwrites it: so
 * that it is not written twice, once with zeros. Only where an op was recorded with `overwrites`.
 */
export type Unset = Set<FloatArray>;

/** What a product into `dx` starts from: a row of zeros where it holds nothing yet, else nothing but dx itself. */
export function startOf(dx: FloatArray, width: number, unset: Unset): FloatArray | undefined {
  return unset.delete(dx) ? allocate(width, dtypeOf(dx)) : undefined;
}

/** The same gradient, to be added to. */
export function begun(dx: FloatArray, unset: Unset): FloatArray {
  if (unset.delete(dx)) clear(dx);
  return dx;
}
