import { anything, checkOptions, flag, fraction, type OptionTable } from "../../../options.js";
import type { Indices } from "../../../tensor/intTensor.js";
import { defaultGenerator, type Generator, generatorOption } from "../../../tensor/random.js";
import { formatShape } from "../../../tensor/shape.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { refuseColumns } from "../attention/view.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import { type CellRule, checkWeights, layerColumns, weightList } from "../recurrent/cell.js";
import type { PackedWeights, WeightColumns } from "../recurrent/packedWeights.js";
import { sequence } from "../recurrent/steps.js";
import { type Attended, AttentionSteps, attendedInputs } from "./attentionSteps.js";
import { fedColumns } from "./fedLayer.js";
import { FeedingSteps, type FeedingWeights } from "./feedingSteps.js";

export type { FeedingWeights } from "./feedingSteps.js";

const OPTIONS: OptionTable<FeedingOptions> = {
  lengths: anything(),
  dropout: fraction(),
  residual: flag(),
  generator: generatorOption,
  packed: anything(),
};

/** What one step hands to the next; zeros where something is null or missing. */
export interface FeedingState {
  /** [B, H] for each layer, lowest first. */
  readonly h?: readonly (Tensor | null)[];
  /** The same of an LSTM's cells. */
  readonly c?: readonly (Tensor | null)[];
  /** [B, O], the feature before the first. */
  readonly feature?: Tensor | null;
}

export interface FeedingOptions {
  /** How long each sequence of inputs is, from 1 to T, in any order; outputs past the end are 0. Default: all T. */
  readonly lengths?: Indices;
  /** On what each layer but the lowest reads; give it while training only. Default 0. */
  readonly dropout?: number;
  /** Whether each layer but the lowest adds what it reads (before dropout) to its output. Default false. */
  readonly residual?: boolean;
  readonly generator?: Generator;
  /** What {@link feedingColumns} names, for many calls without history. */
  readonly packed?: PackedWeights | null;
}

export interface FeedingResult {
  /** [T, B, O] */
  readonly features: Tensor;
  /** [T, B, S], what each step looked at. */
  readonly weights: Tensor;
  /** The state after each sequence's last step. */
  readonly state: { readonly h: readonly Tensor[]; readonly c: readonly Tensor[]; readonly feature: Tensor };
}

/**
 * A whole sequence through recurrent layers with attention after them, whose result is fed to the next step, as one op.
 *
 * h(t) = layers([x(t); f(t−1)], h(t−1))                                            (Luong et al., 2015, section 3.3)
 * context(t) = the attention of the highest layer's output h(t)
 * f(t) = tanh(W_c·[context(t); h(t)] + b_c)
 *
 * The lowest layer's gates are b + Wₓ·x(t), for all t in one product, and then + W_f·f(t−1), W_f being the last O columns of
 * its weightIh: whoever steps by hand gets the same bits in this order.
 *
 * x [T, B, F]. Throws `RangeError` on shapes, lengths or columns that do not fit, and on columns where a gradient is wanted.
 */
export function inputFeeding(
  rule: CellRule,
  x: Tensor,
  { h: h0 = [], c: c0 = [], feature = null }: FeedingState,
  weights: FeedingWeights,
  attended: Attended,
  options: FeedingOptions = {},
): FeedingResult {
  const { layers, combine, combineBias } = weights;
  const op = `inputFeeding ${rule.name}`;
  checkOptions(op, OPTIONS, options);
  if (layers.length === 0) throw new RangeError(`${op}: expected a layer or more, got none`);
  const [O] = combine.shape;
  const [, H = 0] = layers[0].weightHh.shape;
  const given = [h0, c0].slice(0, rule.states).flatMap((each) => layers.map((_, layer) => each[layer] ?? null));
  const parameters = [...attendedInputs(attended), combine, combineBias, ...layers.flatMap(weightList)];
  checkDtypes(op, x, ...given, feature, ...parameters);
  refuseColumns(op, attended.columns, [x, ...given, feature, ...parameters]);
  checkShapes(op, rule, x, given, feature, weights, attended);

  const { lengths, dropout = 0, residual = false, generator = defaultGenerator, packed = null } = options;
  const initial = [...given.map((state) => ({ given: state, width: H })), { given: feature, width: O }];
  const results = sequence(op, x, initial, parameters, { lengths }, (inputs, layout) => {
    const attention = new AttentionSteps(op, attended, layout, H, packed);
    return new FeedingSteps(rule, weights, attention, inputs, layout, { p: dropout, generator, residual }, packed);
  });
  const states = results.slice(2);
  return {
    features: results[0],
    weights: results[1],
    state: {
      h: states.slice(0, layers.length),
      c: states.slice(layers.length, -1),
      feature: states[states.length - 1],
    },
  };
}

/** What `inputFeeding` multiplies by at each step, to be packed; `query` is that of additive attention. */
export function feedingColumns(
  { layers: [lowest, ...upper], combine }: FeedingWeights,
  query?: Tensor,
): readonly WeightColumns[] {
  const others = [lowest.weightHh, combine, ...(query ? [query] : [])].map((weight) => ({ weight }));
  return [...fedColumns(lowest, combine.shape[0]), ...upper.flatMap(layerColumns), ...others];
}

function checkShapes(
  op: string,
  rule: CellRule,
  x: Tensor,
  states: readonly (Tensor | null)[],
  feature: Tensor | null,
  { layers, combine, combineBias }: FeedingWeights,
  { values }: Attended,
): void {
  const [, B, F] = x.shape;
  const [O] = combine.shape;
  const [, H = 0] = layers[0].weightHh.shape;
  if (x.shape.length !== 3) throw new RangeError(`${op}: expected an input [T, B, F], got ${formatShape(x.shape)}`);
  for (const [layer, weights] of layers.entries()) checkWeights(op, weights, rule.gates, layer === 0 ? F + O : H, H);
  checkShapeIs(op, "combine", combine, [O, values.shape[2] + H]);
  if (combineBias) checkShapeIs(op, "combineBias", combineBias, [O]);
  for (const state of states) if (state) checkShapeIs(op, "initial state", state, [B, H]);
  if (feature) checkShapeIs(op, "feature", feature, [B, O]);
}
