import { readFileSync } from "node:fs";
import type { Module, StateDict } from "../../src/nn/index.js";
import { type NestedNumbers, type Tensor, tensor } from "../../src/tensor/index.js";
import { difference } from "./compare.js";

/** A tensor as `test/golden/nn.py` writes it. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type StoredState = Readonly<Record<string, Stored>>;

export interface ModuleCase {
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: StoredState;
  readonly output: Stored;
  readonly gradients: StoredState;
}

export interface RecurrentCase {
  readonly lengths: readonly number[] | null;
  readonly states: boolean;
  readonly batchFirst: boolean;
  readonly outputs: readonly Stored[];
  readonly inputGradients: readonly Stored[];
  readonly gradients: StoredState;
}

export interface LossCase {
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: Stored;
  readonly gradient: Stored;
}

export interface ElementLossCase extends LossCase {
  readonly targetGradient: Stored;
}

/** PyTorch's answers; `test/golden/nn.py` made them, and says what each key holds. */
export interface Golden {
  readonly embedding: readonly (ModuleCase & { readonly input: NestedNumbers })[];
  readonly linear: readonly (ModuleCase & { readonly input: Stored; readonly inputGradient: Stored })[];
  readonly recurrentInputs: { readonly x: Stored; readonly h0: Stored; readonly c0: Stored };
  readonly recurrent: readonly {
    readonly kind: "RNN" | "GRU" | "LSTM";
    readonly options: Readonly<Record<string, unknown>>;
    readonly state: StoredState;
    readonly cases: readonly RecurrentCase[];
  }[];
  readonly cells: readonly (Omit<ModuleCase, "output"> & {
    readonly kind: "RNNCell" | "GRUCell" | "LSTMCell";
    readonly inputs: readonly Stored[];
    readonly outputs: readonly Stored[];
    readonly inputGradients: readonly Stored[];
  })[];
  readonly lossInputs: { readonly logits: Stored; readonly targets: readonly number[] };
  readonly logSoftmax: readonly LossCase[];
  readonly nllLoss: readonly LossCase[];
  readonly crossEntropy: readonly LossCase[];
  readonly layerNorm: readonly (ModuleCase & {
    readonly shape: readonly number[];
    readonly input: Stored;
    readonly inputGradient: Stored;
  })[];
  readonly elementLossInputs: { readonly x: Stored; readonly target: Stored };
  readonly mse: readonly ElementLossCase[];
  readonly bceWithLogits: readonly ElementLossCase[];
  readonly seq2seq: {
    readonly sizes: { readonly input: number; readonly hidden: number; readonly output: number };
    readonly source: readonly number[];
    readonly target: readonly number[];
    readonly encoder: StoredState;
    readonly decoder: StoredState;
    readonly encoderOutputs: readonly Stored[];
    readonly encoderHidden: Stored;
    readonly decoderOutputs: readonly Stored[];
    readonly decoderHidden: Stored;
    readonly loss: number;
    readonly encoderGradients: StoredState;
    readonly decoderGradients: StoredState;
  };
}

export const golden = JSON.parse(readFileSync(new URL("../golden/nn.json", import.meta.url), "utf8")) as Golden;

/** A stored tensor as a leaf that wants a gradient. */
export function restored({ data, shape }: Stored): Tensor {
  return tensor(Float32Array.from(data), shape, { requiresGrad: true });
}

/** Options, some of which may be stored tensors. */
export function restoredOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isStored = (value: unknown): value is Stored => typeof value === "object" && value !== null && "shape" in value;
  const entries = Object.entries(options).map(([name, value]) => [
    name,
    isStored(value) ? restored(value).detach() : value,
  ]);
  return Object.fromEntries(entries);
}

export function restoredState(state: StoredState): StateDict {
  return Object.fromEntries(Object.entries(state).map(([name, stored]) => [name, restored(stored)]));
}

/** Collects differences from PyTorch; each is checked by the test that adds it, and the largest can be shown. */
export class Differences {
  /** Absolute, on values of order 1. */
  static readonly outputBound = 1e-5;
  static readonly gradientBound = 1e-4;
  largestOutput = 0;
  largestGradient = 0;

  output(got: Tensor, expected: Stored): number {
    const value = compared(got, expected);
    this.largestOutput = Math.max(this.largestOutput, value);
    return value;
  }

  gradient(of: Tensor, expected: Stored): number {
    if (!of.grad) throw new Error("no gradient arrived");
    const value = compared(of.grad, expected);
    this.largestGradient = Math.max(this.largestGradient, value);
    return value;
  }

  /** The largest difference among a module's gradients; fails when the names differ. */
  gradients(module: Module, expected: StoredState): number {
    const parameters = new Map(module.namedParameters());
    const names = Object.keys(expected);
    if (names.length !== parameters.size)
      throw new Error(`expected ${names.length} parameters, got ${parameters.size}`);
    return Math.max(...names.map((name) => this.gradient(parameters.get(name) as Tensor, expected[name])));
  }
}

function compared(got: Tensor, expected: Stored): number {
  if (got.shape.join() !== expected.shape.join()) throw new Error(`expected shape ${expected.shape}, got ${got.shape}`);
  return difference(got.data, expected.data);
}
