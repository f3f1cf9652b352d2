import { readFileSync } from "node:fs";
import { Adadelta, Adagrad, Adam, AdamW, type Optimizer, RMSprop, SGD } from "../../src/optim/index.js";
import { type DType, type Tensor, tensor } from "../../src/tensor/index.js";

type Options = Readonly<Record<string, number | boolean | number[]>>;

/** PyTorch's answers; `test/golden/optim.py` made them. */
export interface Golden {
  readonly shapes: readonly number[][];
  readonly snapshots: readonly number[];
  readonly initial: readonly number[][];
  /** [step][parameter][element] */
  readonly gradients: readonly number[][][];
  readonly optimizers: readonly {
    readonly kind: keyof typeof RULES;
    readonly options: Options;
    /** Whether the second parameter has no gradient at steps 1, 4, 7 … */
    readonly missing: boolean;
    /** [snapshot][parameter][element] */
    readonly float32: readonly number[][][];
    /** At the last snapshot. */
    readonly float64: readonly number[][];
  }[];
  readonly metrics: readonly number[];
  readonly schedules: readonly {
    readonly kind: string;
    readonly options: Readonly<Record<string, unknown>>;
    /** [step][group] */
    readonly lrs: readonly number[][];
  }[];
  readonly warmupAndDecay: readonly number[];
  readonly warmupAndCosine: readonly number[];
  /** Two groups, one for each parameter; at the last step. */
  readonly groups: readonly {
    readonly kind: keyof typeof RULES;
    readonly defaults: Options;
    readonly groups: readonly Options[];
    readonly float64: readonly number[][];
  }[];
  readonly clipGradNorm: readonly {
    readonly maxNorm: number;
    readonly infinity: boolean;
    readonly step: number;
    readonly norm: number;
    readonly grads: readonly number[][];
  }[];
}

export const golden = JSON.parse(readFileSync(new URL("../golden/optim.json", import.meta.url), "utf8")) as Golden;

/** Every rule, by name. */
export const RULES = { SGD, Adagrad, RMSprop, Adadelta, Adam, AdamW };

export type GoldenCase = Golden["optimizers"][number];

/** Nine digits name a float32; both precisions start from its very value. */
const float32 = (values: readonly number[]): Float64Array => Float64Array.from(values, Math.fround);

export function parametersAt(dtype: DType = "float32"): Tensor[] {
  return golden.initial.map((values, i) => tensor(float32(values), golden.shapes[i], { dtype, requiresGrad: true }));
}

/** Lays the given gradients of step `t`, counted from 1, beside the parameters. */
export function layGradients(parameters: readonly Tensor[], t: number, missing = false): void {
  parameters.forEach((parameter, i) => {
    const values = float32(golden.gradients[t - 1][i]);
    const absent = missing && i === 1 && t % 3 === 1;
    parameter.grad = absent ? null : tensor(values, parameter.shape, { dtype: parameter.dtype });
  });
}

export function makeOptimizer({ kind, options }: GoldenCase, parameters: Iterable<Tensor>): Optimizer {
  return new RULES[kind](parameters, options);
}

/** The largest difference between parameters and expected values. */
export function difference(got: readonly Tensor[], expected: readonly (readonly number[])[]): number {
  const all = got.flatMap(({ data }, i) => Array.from(data, (value, j) => Math.abs(value - expected[i][j])));
  // Math.max passes NaN on, so that a NaN is never close.
  return Math.max(...all);
}

export function title({ kind, options, missing }: GoldenCase): string {
  return `${kind} ${JSON.stringify(options)}${missing ? ", gradients missing at times" : ""}`;
}
