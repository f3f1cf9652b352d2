import { mul, sum } from "../../autograd/ops/index.js";
import { tensor } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import type { Tensor } from "../../tensor/tensor.js";

/** [S, B, E], 0 past each length → [B, E] */
export function meanOverPlaces(memory: Tensor, lengths: Indices | undefined): Tensor {
  const [S, B] = memory.shape;
  const shares = lengths ? Float32Array.from(intTensor(lengths).data, (length) => 1 / length) : null;
  return mul(sum(memory, 0), shares ? tensor(shares, [B, 1]) : 1 / S);
}
