/**
 * Where floats live. This file alone decides, and `Tensor.data` is the only way in, so that the choice can change
 * without an op noticing. There are three kinds:
 *
 * - persistent: parameters, their gradients, optimiser state; as long as their owner. In WebAssembly memory within a bound
 *   (see persistent.ts), until the array that `allocatePersistent` returned is collected or disposed of; a part cut from
 *   it by `subarray` does not keep it.
 * - step: everything made inside {@link scope}; until the scope ends. In an arena of WebAssembly memory.
 * - ordinary: everything else; plain garbage-collected arrays, copied into a kernel call and back.
 *
 * float64 is always ordinary, and so is everything while the plain kernels are in use, which need no such memory.
 */
import { Arena } from "./arena.js";
import { checksum as plainChecksum } from "./checksum.js";
import { PersistentFloats } from "./persistent.js";
import type { WasmMemory } from "./wasmMemory.js";

export type FloatArray = Float32Array | Float64Array;

/** float64 exists for checking gradients; everything else is float32. */
export type DType = "float32" | "float64";

/** One run of a `scope` callback; the tensors made in it hold on to it to know whether it has ended. */
export interface Scope {
  ended: boolean;
  /** Null where there is no WebAssembly memory. */
  readonly arena: Arena | null;
}

let current: Scope | null = null;
let memory: WasmMemory | null = null;
/** Made with the first memory: there is one memory, which is only at times not in use. */
let persistent: PersistentFloats | null = null;

/** The loops that this room needs, which stands below the kernels and cannot import them. */
interface Loops {
  zero(array: FloatArray): void;
  checksum(array: FloatArray): number;
}
let loops: Loops = { zero: (array) => array.fill(0), checksum: plainChecksum };

/** Where new persistent and step floats go from now on: a WebAssembly memory, or, with null, plain arrays. */
export function useWasmMemory(wasm: WasmMemory | null, kernels: Loops): void {
  memory = wasm;
  if (wasm) persistent ??= new PersistentFloats(wasm);
  loops = kernels;
}

/** Sets floats to zero. */
export function clear(array: FloatArray): void {
  loops.zero(array);
}

/** A number that says whether floats have changed: see checksum.ts. */
export function checksum(array: FloatArray): number {
  return loops.checksum(array);
}

/** The innermost scope that is running, or null. */
export function currentScope(): Scope | null {
  return current;
}

export function dtypeOf(array: FloatArray): DType {
  return array instanceof Float64Array ? "float64" : "float32";
}

/** Zeros that end with the running scope, or, outside any, are collected as usual: what an op adds to. */
export function allocate(length: number, dtype: DType): FloatArray {
  if (dtype === "float64") return new Float64Array(length);
  const array = current?.arena?.floats(length);
  if (!array) return new Float32Array(length);
  loops.zero(array);
  return array;
}

/** As `allocate`, but holding anything: for what an op writes every number of, so that it is not written twice. */
export function allocateUnset(length: number, dtype: DType): FloatArray {
  if (dtype === "float64") return new Float64Array(length);
  return current?.arena?.floats(length) ?? new Float32Array(length);
}

/** Zeros that outlive every scope. For parameters, their gradients and optimiser state. */
export function allocatePersistent(length: number, dtype: DType): FloatArray {
  const array = allocatePersistentUnset(length, dtype);
  loops.zero(array);
  return array;
}

/** As `allocatePersistent`, but holding anything. */
export function allocatePersistentUnset(length: number, dtype: DType): FloatArray {
  if (dtype === "float64") return new Float64Array(length);
  return (memory && persistent?.take(length)) ?? new Float32Array(length);
}

/**
 * Frees a persistent array at once instead of when it is collected; nothing may read it afterwards. Does nothing to
 * any other array.
 */
export function dispose(array: FloatArray): void {
  persistent?.give(array as Float32Array);
}

/** Runs `body` with a new innermost scope, and returns what `keep` makes of its result once the scope has ended. */
export function runScope<R>(body: () => R, keep: (result: R, scope: Scope) => R): R {
  const outer = current;
  const own: Scope = { ended: false, arena: memory && new Arena(memory) };
  current = own;
  try {
    const result = body();
    if (result instanceof Promise) throw new TypeError("scope: expected a synchronous callback, got a promise");
    current = outer;
    return keep(result, own);
  } finally {
    current = outer;
    own.ended = true;
    own.arena?.release();
  }
}
