import { Floats } from "./floats.js";
import { allocateUnset, runScope, type Scope } from "./storage.js";
import { floatsOf, gradOf, Tensor, writableFloats } from "./tensor.js";

/**
 * Runs `body`, and ends the life of every tensor made in it when it returns. A tensor that `body` returns, or the floats of a
 * search's step, also inside arrays and plain objects, are copied out (without history). Reading any other tensor afterwards
 * throws; an array that was taken as `data` stays what it is. Nobody must write `scope`; a training step inside one is what
 * keeps memory flat.
 *
 * Throws `TypeError` when `body` returns a promise: a scope cannot stay open across other work.
 *
 * @example
 * const loss = scope(() => {
 *   const loss = crossEntropy(model.forward(x), y);
 *   loss.backward();
 *   return loss.item();
 * });
 */
export function scope<R>(body: () => R): R {
  return runScope(body, copyOut);
}

function copyOut<R>(value: R, ending: Scope): R {
  if (value instanceof Tensor) {
    if (!value.belongsTo(ending)) return value;
    const from = floatsOf(value);
    const kept = new Tensor(new Floats(allocateUnset(from.length, value.dtype)), value.shape, value.op);
    writableFloats(kept).set(from);
    // A leaf stays one that gradients are wanted for; what was computed has lost its history.
    kept.requiresGrad = value.requiresGrad && !value.history;
    const grad = gradOf(value);
    if (grad) kept.grad = copyOut(grad, ending);
    return kept as R;
  }
  if (value instanceof Float32Array) return ending.arena?.holds(value) ? (value.slice() as R) : value;
  if (Array.isArray(value)) return value.map((item) => copyOut(item, ending)) as R;
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOut(item, ending)])) as R;
  }
  return value;
}
