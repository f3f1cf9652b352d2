import { anything, checkOptions, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { kernels } from "../../tensor/kernels/index.js";
import { formatShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";

export interface EmbeddingOptions {
  /** The row that stands for padding: it is looked up as it is, but receives no gradient. */
  readonly paddingIdx?: number;
}

const OPTIONS: OptionTable<EmbeddingOptions> = { paddingIdx: anything() };

/**
 * y[i] = weight[ids[i]]: a table look-up.  dweight[ids[i]] += dy[i], and nothing in any other row
 * ids of any shape, weight [rows, width] → [...ids.shape, width].
 * Throws `RangeError` on an id outside 0…rows − 1, naming it and its place, and on such a `paddingIdx`.
 *
 * @example
 * embedding([[2, 0]], tensor([[1, 1], [2, 2], [3, 3]])).toArray(); // [[[3, 3], [1, 1]]]
 */
export function embedding(ids: Indices, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  checkTensors("embedding", weight);
  checkOptions("embedding", OPTIONS, options);
  const { data, shape } = intTensor(ids);
  const rows = data.slice(); // the caller may reuse his buffer before the backward
  if (weight.shape.length !== 2) {
    throw new RangeError(`embedding: expected a weight [rows, width], got ${formatShape(weight.shape)}`);
  }
  const [count, width] = weight.shape;
  const { paddingIdx } = options;
  if (paddingIdx !== undefined && !(Number.isInteger(paddingIdx) && paddingIdx >= 0 && paddingIdx < count)) {
    throw new RangeError(`embedding: expected paddingIdx from 0 to ${count - 1}, got ${show(paddingIdx)}`);
  }
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] < 0 || rows[i] >= count) {
      throw new RangeError(`embedding: expected ids from 0 to ${count - 1}, got ${rows[i]} at position ${i}`);
    }
  }
  const y = empty("embedding", [...shape, width], weight.dtype);
  kernels.gatherRows(floatsOf(y), floatsOf(weight), rows, width);
  const touched = paddingIdx === undefined ? rows : rows.filter((row) => row !== paddingIdx);
  return record(
    "embedding",
    y,
    [weight],
    (dy, [dw]) => {
      if (!dw) return;
      // A padding row keeps its zero gradient: what was added there is taken back.
      const before = paddingIdx === undefined ? null : dw.slice(paddingIdx * width, (paddingIdx + 1) * width);
      kernels.scatterAddRows(dw, dy, rows, width);
      if (before && paddingIdx !== undefined) dw.set(before, paddingIdx * width);
    },
    { touchedRows: [touched], saved: [] },
  );
}
