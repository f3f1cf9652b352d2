/**
 * Initialisers: each fills a tensor in place and returns it. `fanIn` and `fanOut` are the columns and rows of a weight
 * [fanOut, fanIn]. All take the default generator unless given one.
 */
import { checkOption } from "../options.js";
import { checkNumber, checkTensors } from "../tensor/checks.js";
import { defaultGenerator, type Generator, generatorOption } from "../tensor/random.js";
import { formatShape } from "../tensor/shape.js";
import { type Tensor, writableFloats } from "../tensor/tensor.js";

/** Every element is `value`. */
export function constant(x: Tensor, value: number): Tensor {
  checkTensors("constant", x);
  checkNumber("constant", "the value", value);
  writableFloats(x).fill(value);
  return x;
}

/** Uniform in [from, to). */
export function uniform(x: Tensor, from = 0, to = 1, generator: Generator = defaultGenerator): Tensor {
  checkArguments("uniform", x, { from, to }, generator);
  const floats = writableFloats(x);
  for (let i = 0; i < floats.length; i++) floats[i] = from + (to - from) * generator.random();
  return x;
}

/** Normal with the given mean and standard deviation. */
export function normal(x: Tensor, mean = 0, std = 1, generator: Generator = defaultGenerator): Tensor {
  checkArguments("normal", x, { mean, std }, generator);
  const floats = writableFloats(x);
  for (let i = 0; i < floats.length; i++) floats[i] = mean + std * generator.normal();
  return x;
}

/** Uniform in ±gain·√(6 / (fanIn + fanOut)).  (Glorot and Bengio, 2010) */
export function xavierUniform(x: Tensor, gain = 1, generator: Generator = defaultGenerator): Tensor {
  const [fanOut, fanIn] = fans("xavierUniform", x, { gain });
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform(x, -bound, bound, generator);
}

/** Normal with standard deviation gain·√(2 / (fanIn + fanOut)).  (Glorot and Bengio, 2010) */
export function xavierNormal(x: Tensor, gain = 1, generator: Generator = defaultGenerator): Tensor {
  const [fanOut, fanIn] = fans("xavierNormal", x, { gain });
  return normal(x, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), generator);
}

/** Uniform in ±√(6 / ((1 + a²)·fanIn)), a being the slope of a leaky relu.  (He et al., 2015) */
export function kaimingUniform(x: Tensor, a = 0, generator: Generator = defaultGenerator): Tensor {
  const [, fanIn] = fans("kaimingUniform", x, { a });
  const bound = Math.sqrt(6 / ((1 + a * a) * fanIn));
  return uniform(x, -bound, bound, generator);
}

/** Normal with standard deviation √(2 / ((1 + a²)·fanIn)).  (He et al., 2015) */
export function kaimingNormal(x: Tensor, a = 0, generator: Generator = defaultGenerator): Tensor {
  const [, fanIn] = fans("kaimingNormal", x, { a });
  return normal(x, 0, Math.sqrt(2 / ((1 + a * a) * fanIn)), generator);
}

/** Rows (or columns, where there are fewer) of unit length at right angles, times `gain`.  (Saxe et al., 2014) */
export function orthogonal(x: Tensor, gain = 1, generator: Generator = defaultGenerator): Tensor {
  const [rows, columns] = fans("orthogonal", x, { gain });
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => generator.normal());
    // Twice: once is not enough in finite precision (Giraud et al., 2005).
    for (const other of [...basis, ...basis]) {
      const dot = vector.reduce((total, value, i) => total + value * other[i], 0);
      for (let i = 0; i < length; i++) vector[i] -= dot * other[i];
    }
    const norm = Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
    basis.push(vector.map((value) => value / norm));
  }
  const floats = writableFloats(x);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) floats[r * columns + c] = gain * (rows <= columns ? basis[r][c] : basis[c][r]);
  }
  return x;
}

function checkArguments(op: string, x: Tensor, numbers: Readonly<Record<string, number>>, generator?: Generator): void {
  checkTensors(op, x);
  for (const [name, value] of Object.entries(numbers)) checkNumber(op, name, value);
  if (generator) checkOption(op, "generator", generatorOption, generator);
}

function fans(op: string, x: Tensor, numbers: Readonly<Record<string, number>>): [fanOut: number, fanIn: number] {
  checkArguments(op, x, numbers);
  if (x.shape.length !== 2)
    throw new RangeError(`${op}: expected a weight [fanOut, fanIn], got ${formatShape(x.shape)}`);
  return [x.shape[0], x.shape[1]];
}
