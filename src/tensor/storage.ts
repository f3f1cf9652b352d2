/**
 * Where floats live. This file alone decides, and `Tensor.data` is the only way in, so that the choice can change
 * without an op noticing. There are three kinds:
 *
 * - persistent: parameters, their gradients, optimiser state; as long as their owner;
 * - step: everything made inside {@link scope}; until the scope ends;
 * - ordinary: everything else; plain garbage-collected arrays.
 *
 * Today all three are plain arrays; what differs already is how long each may be read.
 */
export type FloatArray = Float32Array | Float64Array;

/** float64 exists for checking gradients; everything else is float32. */
export type DType = "float32" | "float64";

/** One run of a `scope` callback; the tensors made in it hold on to it to know whether it has ended. */
export interface Scope {
  ended: boolean;
}

let current: Scope | null = null;

/** The innermost scope that is running, or null. */
export function currentScope(): Scope | null {
  return current;
}

export function dtypeOf(array: FloatArray): DType {
  return array instanceof Float64Array ? "float64" : "float32";
}

/** Zeros that end with the running scope, or, outside any, are collected as usual. For an op's output or workspace. */
export function allocate(length: number, dtype: DType): FloatArray {
  return dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/** Zeros that outlive every scope. For parameters, their gradients and optimiser state. */
export function allocatePersistent(length: number, dtype: DType): FloatArray {
  return dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/** Runs `body` with a new innermost scope, and returns what `keep` makes of its result once the scope has ended. */
export function runScope<R>(body: () => R, keep: (result: R, scope: Scope) => R): R {
  const outer = current;
  const own: Scope = { ended: false };
  current = own;
  let result: R;
  try {
    result = body();
    if (result instanceof Promise) throw new TypeError("scope: expected a synchronous callback, got a promise");
  } catch (error) {
    own.ended = true;
    throw error;
  } finally {
    current = outer;
  }
  try {
    return keep(result, own);
  } finally {
    own.ended = true;
  }
}
