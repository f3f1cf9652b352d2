import type { Module } from "../../nn/module.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor, writableFloats } from "../../tensor/tensor.js";

/** A model's parameters by name, each once: one that is shared stands under its first name. */
export function namedWeights(model: Module): ReadonlyMap<string, Tensor> {
  const named = new Map<string, Tensor>();
  const seen = new Set<Tensor>();
  for (const [name, parameter] of model.namedParameters()) {
    if (!seen.has(parameter)) named.set(name, parameter);
    seen.add(parameter);
  }
  return named;
}

/** Runs `body` with other numbers in the parameters, and puts theirs back; with their own where `weights` is null. */
export function withWeights<R>(
  parameters: readonly Tensor[],
  weights: readonly ArrayLike<number>[] | null,
  body: () => R,
): R {
  if (!weights) return body();
  const own = parameters.map((parameter) => floatsOf(parameter).slice());
  const put = (values: readonly ArrayLike<number>[]): void =>
    parameters.forEach((parameter, i) => {
      writableFloats(parameter).set(values[i]);
    });
  put(weights);
  try {
    return body();
  } finally {
    put(own);
  }
}

/** Throws `Error` unless `tensors` has the floats of every parameter; returns them in the parameters' order. */
export function floatsFor(
  what: string,
  named: ReadonlyMap<string, Tensor>,
  tensors: Readonly<Record<string, Tensor>>,
): FloatArray[] {
  return [...named].map(([name, parameter]) => {
    const given = Object.hasOwn(tensors, name) ? floatsOf(tensors[name]) : null;
    const { length } = floatsOf(parameter);
    if (given?.length === length) return given;
    throw new Error(`expected ${what} of ${name} with ${length} numbers, got ${given ? given.length : "none"}`);
  });
}
