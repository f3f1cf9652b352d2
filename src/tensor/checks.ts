import { type Option, oneOf } from "../options.js";
import { show } from "../show.js";
import type { DType } from "./storage.js";
import { BRAND, Tensor } from "./tensor.js";

/** Throws `TypeError` unless all of these are tensors, and tensors of this copy of the library. */
export function checkTensors(op: string, ...values: readonly unknown[]): void {
  for (const value of values) {
    if (!(value instanceof Tensor)) throw new TypeError(`${op}: expected a tensor, got ${describe(value, "Tensor")}`);
  }
}

/** Throws `TypeError` on what is no number: a string or a missing one would go on as NaN. */
export function checkNumber(op: string, name: string, value: unknown): void {
  if (typeof value !== "number") throw new TypeError(`${op}: expected ${name} to be a number, got ${show(value)}`);
}

/** Throws `TypeError` unless `value` is true or false, as where an object of options stands in its place. */
export function checkFlag(op: string, name: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw new TypeError(`${op}: expected ${name} to be true or false, got ${show(value)}`);
}

/** A value as it stands in a message, where one of this kind is expected. */
export function describe(value: unknown, kind: "Tensor" | "IntTensor"): string {
  const isForeign = typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === kind;
  return isForeign ? "a tensor of another copy of seqgrad (it is installed, or bundled, twice)" : show(value);
}

export const dtypeOption: Option<DType> = oneOf(["float32", "float64"]);
