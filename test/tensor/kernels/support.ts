import { afterAll, beforeAll, describe } from "vitest";
import { type KernelSet, kernelSet, kernelSets, useKernels } from "../../../src/tensor/kernels/index.js";
import { Generator } from "../../../src/tensor/random.js";
import { allocatePersistent, type FloatArray } from "../../../src/tensor/storage.js";

/** The same tests over every kernel set; those that this runtime lacks show as skipped. */
export function onEverySet(title: string, body: (set: KernelSet) => void): void {
  for (const set of ["js", "simd", "fma"] as const) {
    describe.skipIf(!kernelSets.includes(set))(`${title} (${set})`, () => {
      using(set);
      body(set);
    });
  }
}

/** Uses a kernel set for the tests of the surrounding block. */
export function using(set: KernelSet): void {
  const before = kernelSet;
  beforeAll(() => useKernels(set));
  afterAll(() => useKernels(before));
}

/** Normal numbers, rounded to float32. */
export function numbers(length: number, seed: number): Float32Array {
  const generator = new Generator(seed);
  return Float32Array.from({ length }, () => generator.normal());
}

/** A copy where kernels need no copying: in WebAssembly memory, if the set in use has one. */
export function inWasmMemory(values: FloatArray): FloatArray {
  const array = allocatePersistent(values.length, "float32");
  array.set(values);
  return array;
}

/** A copy that begins off the alignment of a vector, among other numbers that a kernel must leave alone. */
export function amongOthers(values: FloatArray): { array: FloatArray; areOthersIntact: () => boolean } {
  const whole = allocatePersistent(values.length + 10, "float32").fill(77);
  const array = whole.subarray(5, 5 + values.length);
  array.set(values);
  const others = () => [...whole.subarray(0, 5), ...whole.subarray(5 + values.length)];
  return { array, areOthersIntact: () => others().every((value) => value === 77) };
}

/** The bits of floats, so that −0 differs from 0 and any NaN equals any other. */
export function bits(values: ArrayLike<number>): string[] {
  return Array.from(values, (value) => (Object.is(value, -0) ? "-0" : String(value)));
}
