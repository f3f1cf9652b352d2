import { checkOptions, flag, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { defaultGenerator, type Generator, generatorOption } from "../../tensor/random.js";
import { allocateUnset, type DType, dtypeOf, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";

export interface DropoutOptions {
  /** Off outside training: then y = x. Default true. */
  readonly training?: boolean;
  /** Whether all numbers of a row, the last dimension, share one m, as in word dropout. Default false. */
  readonly wholeRows?: boolean;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<DropoutOptions> = { training: flag(), wholeRows: flag(), generator: generatorOption };

/**
 * y = x · m, where each element of m is 0 with probability p, and 1 / (1 − p) otherwise, so that the expectation stays.
 * dx = dy · m.  (Srivastava et al., 2014.)  Throws `RangeError` unless 0 ≤ p ≤ 1.
 */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  checkTensors("dropout", x);
  checkProbability("dropout", p);
  checkOptions("dropout", OPTIONS, options);
  if (options.training === false || p === 0) return x;
  const { wholeRows = false, generator = defaultGenerator } = options;
  const width = wholeRows ? (x.shape[x.shape.length - 1] ?? 1) : 1;
  const mask = repeated(dropoutMask(floatsOf(x).length / Math.max(1, width), p, generator, x.dtype), width);
  const y = empty("dropout", x.shape, x.dtype);
  kernels.mul(floatsOf(y), floatsOf(x), mask);
  return record(
    "dropout",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.addProduct(dx, dy, mask);
    },
    { saved: [] },
  );
}

/** Each number `times` over. */
function repeated(numbers: FloatArray, times: number): FloatArray {
  if (times === 1) return numbers;
  const all = allocateUnset(numbers.length * times, dtypeOf(numbers));
  for (let i = 0; i < numbers.length; i++) all.fill(numbers[i], i * times, (i + 1) * times);
  return all;
}

/** Throws `RangeError` unless p is a number from 0 to 1. */
export function checkProbability(op: string, p: number): void {
  if (typeof p === "number" && p >= 0 && p <= 1) return;
  throw new RangeError(`${op}: expected a probability from 0 to 1, got ${show(p)}`);
}

/** 0 with probability p, and 1 / (1 − p) otherwise. */
export function dropoutMask(length: number, p: number, generator: Generator, dtype: DType): FloatArray {
  const mask = allocateUnset(length, dtype);
  const kept = p === 1 ? 0 : 1 / (1 - p);
  for (let i = 0; i < length; i++) mask[i] = generator.random() < p ? 0 : kept;
  return mask;
}
