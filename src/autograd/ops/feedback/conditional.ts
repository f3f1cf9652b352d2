import { anything, checkOptions, type OptionTable } from "../../../options.js";
import type { Indices } from "../../../tensor/intTensor.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { formatShape } from "../../../tensor/shape.js";
import { allocateUnset, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { startOf, type Unset } from "../../unset.js";
import { refuseColumns } from "../attention/view.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import {
  type CellRule,
  checkWeights,
  gradientsOf,
  layerColumns,
  type RecurrentWeights,
  weightList,
} from "../recurrent/cell.js";
import { CellSteps } from "../recurrent/cellSteps.js";
import { type Layout, rowsOf, running } from "../recurrent/layout.js";
import type { PackedWeights, WeightColumns } from "../recurrent/packedWeights.js";
import { normOf, Projection } from "../recurrent/projection.js";
import type { RowNorm } from "../recurrent/rowNorm.js";
import { type Steps, sequence } from "../recurrent/steps.js";
import { type Attended, AttentionSteps, attendedInputs } from "./attentionSteps.js";

export interface ConditionalWeights {
  /** Of the cell that reads the input: weightIh [G·H, F]. */
  readonly first: RecurrentWeights;
  /** Of the cell that reads the context: weightIh [G·H, E]. */
  readonly second: RecurrentWeights;
}

export interface ConditionalOptions {
  /** How long each sequence of inputs is, from 1 to T, in any order; outputs past the end are 0. Default: all T. */
  readonly lengths?: Indices;
  /** What {@link conditionalColumns} names, for many calls without history. */
  readonly packed?: PackedWeights | null;
}

const OPTIONS: OptionTable<ConditionalOptions> = { lengths: anything(), packed: anything() };

/**
 * A whole sequence through two cells a step with attention between them, as one op: the conditional GRU.
 *
 * h'(t) = cell₁(x(t), h(t−1))                                                               (Sennrich et al., 2017)
 * context(t) = the attention of h'(t)
 * h(t) = cell₂(context(t), h'(t))
 *
 * x [T, B, F], h0 and c0 [B, H] or null (zeros) → output [T, B, H], context [T, B, E], weights [T, B, S], hN [B, H], and
 * cN [B, H] for an LSTM, whose c runs through both cells.
 * Throws `RangeError` on shapes, lengths or columns that do not fit, and on columns where a gradient is wanted.
 */
export function conditional(
  rule: CellRule,
  x: Tensor,
  h0: Tensor | null,
  c0: Tensor | null,
  { first, second }: ConditionalWeights,
  attended: Attended,
  options: ConditionalOptions = {},
): Tensor[] {
  const op = `conditional ${rule.name}`;
  checkOptions(op, OPTIONS, options);
  const { lengths, packed = null } = options;
  const [, B, F] = x.shape;
  const [, H = 0] = first.weightHh.shape;
  const parameters = [...attendedInputs(attended), ...weightList(first), ...weightList(second)];
  if (x.shape.length !== 3) throw new RangeError(`${op}: expected an input [T, B, F], got ${formatShape(x.shape)}`);
  checkDtypes(op, x, h0, c0, ...parameters);
  refuseColumns(op, attended.columns, [x, h0, c0, ...parameters]);
  checkWeights(op, first, rule.gates, F, H);
  checkWeights(op, second, rule.gates, attended.values.shape[2], H);
  for (const state of [h0, c0]) if (state) checkShapeIs(op, "initial state", state, [B, H]);
  const initial = [h0, c0].slice(0, rule.states).map((given) => ({ given, width: H }));
  return sequence(op, x, initial, parameters, { lengths }, (inputs, layout) => {
    const attention = new AttentionSteps(op, attended, layout, H, packed);
    return new ConditionalSteps(rule, { first, second }, attention, inputs, layout, packed);
  });
}

/** What `conditional` multiplies by at each step, to be packed; `query` is that of additive attention. */
export function conditionalColumns({ first, second }: ConditionalWeights, query?: Tensor): readonly WeightColumns[] {
  return [...layerColumns(first), ...layerColumns(second), ...(query ? [{ weight: query }] : [])];
}

class ConditionalSteps implements Steps {
  readonly outputs: Steps["outputs"];
  readonly #layout: Layout;
  readonly #F: number;
  readonly #H: number;
  readonly #E: number;
  readonly #inputs: FloatArray; // [N, F]
  readonly #y: FloatArray; // [N, H]
  readonly #weights: readonly [RecurrentWeights, RecurrentWeights];
  readonly #input: Projection;
  readonly #first: CellSteps;
  readonly #attention: AttentionSteps;
  readonly #context: Projection;
  readonly #second: CellSteps;

  constructor(
    rule: CellRule,
    { first, second }: ConditionalWeights,
    attention: AttentionSteps,
    inputs: FloatArray,
    layout: Layout,
    packed: PackedWeights | null,
  ) {
    const { dtype, shape } = first.weightHh;
    const options = { isRepeated: layout.counts.length > 1, packed };
    const { total } = layout;
    const cells = ({ weightHh, biasHh, gainHh }: RecurrentWeights): CellSteps => {
      const hidden = new Projection({ weight: weightHh }, biasHh, { ...options, norm: normOf(gainHh, biasHh, total) });
      return new CellSteps(rule, layout, hidden, shape[1], dtype);
    };
    const norm = ({ gainIh, biasIh }: RecurrentWeights): RowNorm | null => normOf(gainIh, biasIh, total);
    this.#weights = [first, second];
    this.#layout = layout;
    this.#F = first.weightIh.shape[1];
    this.#H = shape[1];
    this.#E = second.weightIh.shape[1];
    this.#inputs = inputs;
    this.#y = allocateUnset(layout.total * this.#H, dtype);
    this.#input = new Projection({ weight: first.weightIh }, first.biasIh, { packed, norm: norm(first) });
    this.#first = cells(first);
    this.#attention = attention;
    this.#context = new Projection({ weight: second.weightIh }, second.biasIh, { ...options, norm: norm(second) });
    this.#second = cells(second);
    this.#input.forward(this.#first.gates, inputs, layout.total);
    this.outputs = [
      { rows: this.#y, width: this.#H },
      { rows: attention.contexts, width: this.#E },
      { rows: attention.weights, width: attention.places },
    ];
  }

  forward(t: number, [h, c]: readonly FloatArray[]): void {
    const own = running(h, this.#layout, t, this.#H);
    this.#first.forward(t, h, c);
    const { counts, starts } = this.#layout;
    this.#context.forward(this.#second.gatesAt(t), this.#attention.forward(t, own), counts[t], starts[t]);
    this.#second.forward(t, h, c);
    rowsOf(this.#y, this.#layout, t, this.#H).set(own);
  }

  backward(t: number, [dh, dc]: readonly FloatArray[], doutputs: readonly (FloatArray | null)[]): void {
    const [dy, dcontext, dweights] = doutputs;
    const own = running(dh, this.#layout, t, this.#H);
    const dcontexts = this.#attention.dcontextsAt(t);
    if (dy) kernels.addScaled(own, rowsOf(dy, this.#layout, t, this.#H), 1);
    if (dcontext) kernels.addScaled(dcontexts, rowsOf(dcontext, this.#layout, t, this.#E), 1);
    this.#second.backward(t, dh, dc);
    this.#context.backward(dcontexts, this.#second.dgatesAt(t), this.#layout.counts[t], this.#layout.starts[t]);
    this.#attention.backward(t, own, dweights);
    this.#first.backward(t, dh, dc);
  }

  gradients(dinputs: Accumulator, dparameters: readonly Accumulator[], unset: Unset): void {
    const { total } = this.#layout;
    const [dfirst, dsecond] = gradientsOf(this.#weights, dparameters.slice(4));
    this.#attention.gradients(dparameters, unset);
    this.#input.weightGradients(dfirst.ih, this.#first.dgates, this.#inputs, total, unset);
    this.#first.weightGradients(dfirst.hh, unset);
    this.#context.weightGradients(dsecond.ih, this.#second.dgates, this.#attention.contexts, total, unset);
    this.#second.weightGradients(dsecond.hh, unset);
    if (dinputs) this.#input.backward(dinputs, this.#first.dgates, total, 0, startOf(dinputs, this.#F, unset));
  }
}
