import { showName } from "../../show.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";

/** Throws `RangeError` on a number that is not finite: a weight of that kind comes out as an empty translation. */
export function checkFinite(tensors: Readonly<Record<string, Tensor>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const floats = floatsOf(tensor);
    for (let i = 0; i < floats.length; i++) {
      if (!Number.isFinite(floats[i])) {
        throw new RangeError(`${showName(name)}: expected finite numbers, got ${floats[i]} at ${i}`);
      }
    }
  }
}
