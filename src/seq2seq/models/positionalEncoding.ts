import { empty } from "../../tensor/create.js";
import type { DType } from "../../tensor/storage.js";
import { type Tensor, writableFloats } from "../../tensor/tensor.js";

/** The longest wavelength, in steps and divided by 2π. */
const LONGEST = 10_000;

/**
 * Where each of `steps` steps is, as numbers that may be added to those of its state, [steps, 1, size]:
 *
 * p[t, 2i] = sin(t / 10,000^(2i / size)), p[t, 2i + 1] = cos(t / 10,000^(2i / size))  (Vaswani et al., 2017, section 3.5)
 */
export function positionalEncoding(steps: number, size: number, dtype: DType): Tensor {
  const result = empty("positionalEncoding", [steps, 1, size], dtype);
  const floats = writableFloats(result);
  for (let t = 0, at = 0; t < steps; t++) {
    for (let d = 0; d < size; d++) {
      const angle = t / LONGEST ** ((d - (d % 2)) / size);
      floats[at++] = d % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return result;
}
