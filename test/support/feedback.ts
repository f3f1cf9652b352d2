/** Leaves for the ops in which something feeds back, small: for gradient checks and comparisons. */
import type { Attended, RecurrentWeights } from "../../src/autograd/index.js";
import { Tensor } from "../../src/tensor/index.js";

export const KINDS = ["dot", "additive"] as const;
export type Kind = (typeof KINDS)[number];

export const GATES = { rnn: 1, reluRnn: 1, gru: 3, lstm: 4 } as const;
export type Cell = keyof typeof GATES;

type Make = (...shape: number[]) => Tensor;

export interface Sizes {
  readonly B: number;
  readonly S: number;
  readonly E: number;
  readonly H: number;
}

/** What states of width H look at, and its leaves. */
export function attendedLeaves(make: Make, kind: Kind, { B, S, E, H }: Sizes): Attended {
  if (kind === "dot") return { keys: make(S, B, H), values: make(S, B, E) };
  return { keys: make(S, B, H - 1), values: make(S, B, E), additive: { query: make(H - 1, H), v: make(H - 1) } };
}

export function weightLeaves(
  make: Make,
  cell: Cell,
  F: number,
  H: number,
  bias = true,
  isNormed = false,
): RecurrentWeights {
  const rows = GATES[cell] * H;
  const [weightIh, weightHh] = [make(rows, F), make(rows, H)];
  const biases = { biasIh: bias ? make(rows) : null, biasHh: bias ? make(rows) : null };
  return { weightIh, weightHh, ...biases, ...(isNormed ? { gainIh: make(rows), gainHh: make(rows) } : {}) };
}

/** Inputs, states and weights of input feeding; in full, two layers that begin with states, and with biases. */
export function feedingLeaves(
  make: Make,
  cell: Cell,
  { T, B, E, F, H, O }: { readonly [size in "T" | "B" | "E" | "F" | "H" | "O"]: number },
  isFull: boolean,
  isNormed = false,
) {
  const layers = isFull ? 2 : 1;
  const states = (): Tensor[] => Array.from({ length: layers }, () => make(B, H));
  return {
    x: make(T, B, F),
    state: isFull ? { h: states(), c: cell === "lstm" ? states() : [], feature: make(B, O) } : {},
    weights: {
      layers: Array.from({ length: layers }, (_, l) => weightLeaves(make, cell, l ? H : F + O, H, isFull, isNormed)),
      combine: make(O, E + H),
      combineBias: isFull ? make(O) : null,
    },
  };
}

/** The same plain data with each of its tensors replaced, in the order of the keys. */
export function mapTensors<D>(data: D, change: (tensor: Tensor) => Tensor): D {
  if (data instanceof Tensor) return change(data) as D;
  if (Array.isArray(data)) return data.map((each) => mapTensors(each, change)) as D;
  if (data === null || typeof data !== "object") return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapTensors(value, change)])) as D;
}

/** Every tensor in plain data, in the order of its keys. */
export function tensorsOf(data: unknown): Tensor[] {
  const found: Tensor[] = [];
  mapTensors(data, (tensor) => {
    found.push(tensor);
    return tensor;
  });
  return found;
}
