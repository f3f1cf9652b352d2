import { checkOptions, flag, type OptionTable, oneOf } from "../options.js";
import { checkNumber, dtypeOption } from "./checks.js";
import { Floats } from "./floats.js";
import { flatten, type NestedNumbers } from "./nested.js";
import { defaultGenerator, type Generator, generatorOption } from "./random.js";
import { checkShape, formatShape, numel, type Shape } from "./shape.js";
import { allocate, allocatePersistent, allocateUnset, type DType, type FloatArray } from "./storage.js";
import { type Lifetime, Tensor, writableFloats } from "./tensor.js";

export interface TensorOptions {
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
  /** "persistent" outlives every scope; parameters and optimiser state are. Default "step". */
  readonly lifetime?: Lifetime;
}

export interface RandomOptions extends TensorOptions {
  /** Where the numbers come from; the default generator, which `manualSeed` sets, unless given. */
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<TensorOptions> = {
  dtype: dtypeOption,
  requiresGrad: flag(),
  lifetime: oneOf(["step", "persistent"]),
};
const RANDOM_OPTIONS: OptionTable<RandomOptions> = { ...OPTIONS, generator: generatorOption };

/** A tensor that holds anything, for an `op` that writes every number of its result. */
export function empty(op: string, shape: Shape, dtype: DType): Tensor {
  return new Tensor(new Floats(allocateUnset(numel(shape), dtype)), shape, op);
}

/** Zeros that `op` adds its result to. */
export function zeroed(op: string, shape: Shape, dtype: DType): Tensor {
  return new Tensor(new Floats(allocate(numel(shape), dtype)), shape, op);
}

/**
 * A tensor of nested arrays, or of a flat typed array (copied) with its shape.
 * A Float64Array stays float64 unless `dtype` says otherwise; everything else becomes float32.
 * Throws `RangeError` on ragged nesting or when the values do not fill the shape.
 *
 * @example
 * tensor([[1, 2, 3], [4, 5, 6]]).shape; // [2, 3]
 * tensor(new Float32Array(6), [2, 3]);
 */
export function tensor(values: NestedNumbers | FloatArray, shape?: Shape, options?: TensorOptions): Tensor;
export function tensor(values: NestedNumbers | FloatArray, options?: TensorOptions): Tensor;
export function tensor(
  values: NestedNumbers | FloatArray,
  shapeOrOptions?: Shape | TensorOptions,
  maybeOptions?: TensorOptions,
): Tensor {
  const isShape = Array.isArray(shapeOrOptions);
  const options = (isShape ? maybeOptions : (shapeOrOptions as TensorOptions | undefined)) ?? maybeOptions ?? {};
  checkOptions("tensor", OPTIONS, options);
  const typed = ArrayBuffer.isView(values);
  const flat = typed ? { values, shape: [values.length] } : flatten("tensor", values);
  const shape = isShape ? (shapeOrOptions as Shape) : flat.shape;
  checkShape("tensor", shape);
  if (flat.values.length !== numel(shape)) {
    throw new RangeError(
      `tensor: expected ${numel(shape)} values for shape ${formatShape(shape)}, got ${flat.values.length}`,
    );
  }
  const result = make("tensor", shape, {
    ...options,
    dtype: options.dtype ?? (values instanceof Float64Array ? "float64" : "float32"),
  });
  writableFloats(result).set(flat.values);
  return result;
}

/** Zeros of the given shape. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  checkOptions("zeros", OPTIONS, options);
  return make("zeros", shape, options);
}

/** Ones of the given shape. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  checkOptions("ones", OPTIONS, options);
  return full(shape, 1, options);
}

/** A tensor whose every element is `value`. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkNumber("full", "the value", value);
  checkOptions("full", OPTIONS, options);
  const result = make("full", shape, options);
  writableFloats(result).fill(value);
  return result;
}

/** Uniform numbers in [0, 1). */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  checkOptions("rand", RANDOM_OPTIONS, options);
  const generator = options.generator ?? defaultGenerator;
  const result = make("rand", shape, options);
  const floats = writableFloats(result);
  for (let i = 0; i < floats.length; i++) floats[i] = generator.random();
  return result;
}

/** Standard normal numbers (mean 0, variance 1). */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  checkOptions("randn", RANDOM_OPTIONS, options);
  const generator = options.generator ?? defaultGenerator;
  const result = make("randn", shape, options);
  const floats = writableFloats(result);
  for (let i = 0; i < floats.length; i++) floats[i] = generator.normal();
  return result;
}

function make(
  op: string,
  shape: Shape,
  { dtype = "float32", requiresGrad = false, lifetime = "step" }: TensorOptions,
): Tensor {
  checkShape(op, shape);
  const place = lifetime === "persistent" ? allocatePersistent : allocate;
  const floats = new Floats(place(numel(shape), dtype), lifetime);
  const result = new Tensor(floats, [...shape], op); // the caller may change his array
  result.requiresGrad = requiresGrad;
  return result;
}
