import { type Indices, IntTensor, intTensor } from "../../tensor/intTensor.js";
import { formatShape } from "../../tensor/shape.js";

/** One token for each row, as [1, rows]. */
export function asRow(ids: readonly number[]): IntTensor {
  return new IntTensor(Int32Array.from(ids), [1, ids.length]);
}

/** Token ids as [T, B]: a single id is [1, 1], a plain list one sequence [T, 1]. */
export function asSequence(op: string, input: Indices): IntTensor {
  const ids = intTensor(input);
  if (ids.shape.length > 2) {
    throw new RangeError(`${op}: expected token ids [], [T] or [T, B], got ${formatShape(ids.shape)}`);
  }
  return ids.shape.length === 2 ? ids : intTensor(ids, [ids.data.length, 1]);
}
