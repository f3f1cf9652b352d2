import { anything, flag, type OptionTable } from "../../../options.js";
import type { Indices } from "../../../tensor/intTensor.js";
import type { FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { checkShapeIs } from "../operands.js";
import type { WeightColumns } from "./packedWeights.js";
import type { ProjectionGradients } from "./projection.js";

/** The weights of one layer in one direction. G gates side by side, in PyTorch's order. */
export interface RecurrentWeights {
  /** [G·H, F] */
  readonly weightIh: Tensor;
  /** [G·H, H] */
  readonly weightHh: Tensor;
  /** [G·H], or null for none */
  readonly biasIh: Tensor | null;
  /** [G·H], or null for none */
  readonly biasHh: Tensor | null;
  /**
   * [G·H]: the gains of layer normalisation, each of whose products is then normalised over all G·H numbers of a row before
   * its bias is added (Ba, Kiros and Hinton, 2016, equation 20). Both or, by default, neither.
   */
  readonly gainIh?: Tensor | null;
  readonly gainHh?: Tensor | null;
}

export interface RecurrentOptions {
  /** How long each sequence is, from 1 to T, in any order; outputs past the end are 0. Default: all T. */
  readonly lengths?: Indices;
  /** Runs from each sequence's last token to its first. */
  readonly reverse?: boolean;
}

export const recurrentOptions: OptionTable<RecurrentOptions> = { lengths: anything(), reverse: flag() };

/** One time step's views: b running rows, H hidden units, G gates. */
export interface Step {
  readonly rows: number;
  readonly hidden: number;
  /** [b, G·H] input projection before `forward`, activated gates after */
  readonly gates: FloatArray;
  /** [b, H] whatever else the backward of this cell needs */
  readonly kept: FloatArray;
  /** [b, H] states before the step; cPrev is null but for an LSTM */
  readonly hPrev: FloatArray;
  readonly cPrev: FloatArray | null;
}

/** What tells one kind of cell from another; equations in rnn.ts, gru.ts, lstm.ts. */
export interface CellRule {
  readonly name: string;
  readonly gates: number;
  /** What is handed from step to step: h alone, or h and c. */
  readonly states: 1 | 2;
  /** Updates h (and c) [b, H] in place from the hidden projection gh [b, G·H]. */
  forward(h: FloatArray, c: FloatArray | null, gh: FloatArray, step: Step): void;
  /**
   * Writes the gradients of both projections [b, G·H] (the same array where they are equal), and turns dh (and dc)
   * [b, H] into what reaches the previous states directly.
   */
  backward(dgates: FloatArray, dgh: FloatArray, dh: FloatArray, dc: FloatArray | null, step: Step): void;
  /** Whether the two projections' gradients differ, as in the GRU, whose reset gate stands between them. */
  readonly splitGradient: boolean;
}

/** Throws `RangeError` unless a layer's weights are those of so many gates over F features and H hidden units. */
export function checkWeights(op: string, weights: RecurrentWeights, gates: number, F: number, H: number): void {
  checkShapeIs(op, "weightIh", weights.weightIh, [gates * H, F]);
  checkShapeIs(op, "weightHh", weights.weightHh, [gates * H, H]);
  for (const bias of [weights.biasIh, weights.biasHh]) if (bias) checkShapeIs(op, "bias", bias, [gates * H]);
  const { gainIh, gainHh } = weights;
  if (!gainIh !== !gainHh) throw new RangeError(`${op}: expected gains of both products or of neither, got one`);
  for (const gain of [gainIh, gainHh]) if (gain) checkShapeIs(op, "gain", gain, [gates * H]);
}

/** In the order in which an op records them. */
export function weightList(weights: RecurrentWeights): readonly (Tensor | null)[] {
  const { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh } = weights;
  return [weightIh, weightHh, biasIh, biasHh, ...(gainIh && gainHh ? [gainIh, gainHh] : [])];
}

/** The accumulators of one layer's weights, by the product that they belong to. */
export interface LayerGradients {
  readonly ih: ProjectionGradients;
  readonly hh: ProjectionGradients;
}

/** The accumulators of several layers' weights, one layer after another in the order of {@link weightList}. */
export function gradientsOf(
  layers: readonly RecurrentWeights[],
  accumulators: readonly Accumulator[],
): readonly LayerGradients[] {
  let from = 0;
  return layers.map((weights) => {
    const [wIh, wHh, bIh, bHh, gIh, gHh] = accumulators.slice(from);
    const isNormed = Boolean(weights.gainIh);
    from += weightList(weights).length;
    return {
      ih: { dweight: wIh, dbias: bIh, dgain: isNormed ? gIh : null },
      hh: { dweight: wHh, dbias: bHh, dgain: isNormed ? gHh : null },
    };
  });
}

/** What a step multiplies by, to be packed. */
export function layerColumns({ weightIh, weightHh }: RecurrentWeights): readonly WeightColumns[] {
  return [{ weight: weightIh }, { weight: weightHh }];
}
