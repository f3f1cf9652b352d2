import { checkOptions, type Option, type OptionTable } from "../../options.js";
import { checkNumber, checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { broadcastShapes, formatShape, sameShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";
import { checkDtypes, expanded, toTensors } from "./operands.js";

/** y = eˣ, any shape.  dx = dy · y */
export function exp(x: Tensor): Tensor {
  checkTensors("exp", x);
  const y = empty("exp", x.shape, x.dtype);
  kernels.exp(floatsOf(y), floatsOf(x));
  return record(
    "exp",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.addProduct(dx, dy, floatsOf(y));
    },
    { saved: [y] },
  );
}

/** y = ln x, any shape; −∞ at 0 and NaN below, as in PyTorch.  dx = dy / x */
export function log(x: Tensor): Tensor {
  checkTensors("log", x);
  const y = empty("log", x.shape, x.dtype);
  kernels.log(floatsOf(y), floatsOf(x));
  return record(
    "log",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.addQuotient(dx, dy, floatsOf(x));
    },
    { saved: [x] },
  );
}

/** y = √x, any shape; NaN below 0.  dx = dy / (2 y) */
export function sqrt(x: Tensor): Tensor {
  checkTensors("sqrt", x);
  const y = empty("sqrt", x.shape, x.dtype);
  kernels.sqrt(floatsOf(y), floatsOf(x));
  return record(
    "sqrt",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.sqrtBackward(dx, dy, floatsOf(y));
    },
    { saved: [y] },
  );
}

/** y = x^exponent, any shape, for a plain number as exponent.  dx = dy · exponent · x^(exponent − 1) */
export function pow(x: Tensor, exponent: number): Tensor {
  checkTensors("pow", x);
  checkNumber("pow", "the exponent", exponent);
  const y = empty("pow", x.shape, x.dtype);
  kernels.pow(floatsOf(y), floatsOf(x), exponent);
  return record(
    "pow",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.powBackward(dx, dy, floatsOf(x), exponent);
    },
    { saved: [x] },
  );
}

/** y = tanh x, any shape.  dx = dy · (1 − y²) */
export function tanh(x: Tensor): Tensor {
  checkTensors("tanh", x);
  const y = empty("tanh", x.shape, x.dtype);
  kernels.tanh(floatsOf(y), floatsOf(x));
  return record(
    "tanh",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.tanhBackward(dx, dy, floatsOf(y));
    },
    { saved: [y] },
  );
}

/** y = σ(x) = 1 / (1 + e⁻ˣ), any shape.  dx = dy · y · (1 − y) */
export function sigmoid(x: Tensor): Tensor {
  checkTensors("sigmoid", x);
  const y = empty("sigmoid", x.shape, x.dtype);
  kernels.sigmoid(floatsOf(y), floatsOf(x));
  return record(
    "sigmoid",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.sigmoidBackward(dx, dy, floatsOf(y));
    },
    { saved: [y] },
  );
}

/** y = max(x, 0), any shape.  dx = dy where y > 0 (0 at the corner) */
export function relu(x: Tensor): Tensor {
  checkTensors("relu", x);
  const y = empty("relu", x.shape, x.dtype);
  kernels.relu(floatsOf(y), floatsOf(x));
  return record(
    "relu",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.reluBackward(dx, dy, floatsOf(y));
    },
    { saved: [y] },
  );
}

/** y = |x|, any shape.  dx = dy · sign x (0 at the corner) */
export function abs(x: Tensor): Tensor {
  checkTensors("abs", x);
  const y = empty("abs", x.shape, x.dtype);
  kernels.abs(floatsOf(y), floatsOf(x));
  return record(
    "abs",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.absBackward(dx, dy, floatsOf(x));
    },
    { saved: [x] },
  );
}

export interface ClampOptions {
  /** Nothing stays below. Default: no bound. */
  readonly min?: number;
  /** Nothing stays above, not even `min`. Default: no bound. */
  readonly max?: number;
}

const bound: Option<number> = {
  initial: undefined,
  expected: "a number",
  accepts: (value) => typeof value === "number",
};
const clampOptions: OptionTable<ClampOptions> = { min: bound, max: bound };

/**
 * y = min(max(x, `min`), `max`), any shape; NaN stays NaN, and a bound that is NaN makes every y NaN, as in PyTorch.
 * dx = dy where `min` ≤ x ≤ `max`
 * Throws `RangeError` when neither bound is given.
 *
 * @example
 * clamp(tensor([-2, 0.5, 7]), { min: 0, max: 1 }).toArray(); // [0, 0.5, 1]
 */
export function clamp(x: Tensor, options: ClampOptions): Tensor {
  checkTensors("clamp", x);
  checkOptions("clamp", clampOptions, options);
  const { min, max } = options;
  if (min === undefined && max === undefined) throw new RangeError("clamp: expected min, max or both, got neither");
  const [low, high] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  const y = empty("clamp", x.shape, x.dtype);
  kernels.clamp(floatsOf(y), floatsOf(x), low, high);
  return record(
    "clamp",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.clampBackward(dx, dy, floatsOf(x), low, high);
    },
    { saved: [x] },
  );
}

/**
 * y = `value` where `mask` is not 0, else x. The mask broadcasts to x.  dx = dy where mask is 0
 * Throws `RangeError` when the mask would have to shrink.
 *
 * @example
 * maskedFill(tensor([1, 2, 3]), tensor([0, 1, 0]), -Infinity).toArray(); // [1, -Infinity, 3]
 */
export function maskedFill(x: Tensor, mask: Tensor, value: number): Tensor {
  checkTensors("maskedFill", x, mask);
  checkDtypes("maskedFill", x, mask);
  checkNumber("maskedFill", "the value", value);
  const [, filler] = toTensors("maskedFill", x, value);
  if (!sameShape(broadcastShapes("maskedFill", x.shape, mask.shape), x.shape)) {
    throw new RangeError(
      `maskedFill: expected a mask that broadcasts to ${formatShape(x.shape)}, got ${formatShape(mask.shape)}`,
    );
  }
  const full = expanded(mask, x.shape);
  const y = empty("maskedFill", x.shape, x.dtype);
  kernels.maskedFill(floatsOf(y), floatsOf(x), full, value);
  return record(
    "maskedFill",
    y,
    [x, filler],
    (dy, [dx]) => {
      if (dx) kernels.maskedFillBackward(dx, dy, full);
    },
    { saved: [mask] },
  );
}
