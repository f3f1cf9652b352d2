export { add, div, mul, neg, sub } from "./arithmetic.js";
export { additiveAttention } from "./attention/additive.js";
export { dotAttention } from "./attention/dot.js";
export { attentionMix } from "./attention/mix.js";
export type { AttentionOptions } from "./attention/view.js";
export { type DropoutOptions, dropout } from "./dropout.js";
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropyWithLogits,
  type MseLossOptions,
  mseLoss,
} from "./elementLoss.js";
export { type EmbeddingOptions, embedding } from "./embedding.js";
export type { Attended } from "./feedback/attentionSteps.js";
export {
  type ConditionalOptions,
  type ConditionalWeights,
  conditional,
  conditionalColumns,
} from "./feedback/conditional.js";
export {
  type FeedingOptions,
  type FeedingResult,
  type FeedingState,
  type FeedingWeights,
  feedingColumns,
  inputFeeding,
} from "./feedback/inputFeeding.js";
export { gather } from "./gather.js";
export { layerNorm } from "./layerNorm.js";
export { type CrossEntropyOptions, crossEntropy, type NllLossOptions, nllLoss } from "./loss.js";
export { linear, matmul } from "./matmul.js";
export type { Operand } from "./operands.js";
export { abs, type ClampOptions, clamp, exp, log, maskedFill, pow, relu, sigmoid, sqrt, tanh } from "./pointwise.js";
export type { CellRule, RecurrentOptions, RecurrentWeights } from "./recurrent/cell.js";
export { gru } from "./recurrent/gru.js";
export { lstm } from "./recurrent/lstm.js";
export { PackedWeights, type WeightColumns } from "./recurrent/packedWeights.js";
export { type RnnOptions, rnn } from "./recurrent/rnn.js";
export { cellRules } from "./recurrent/rules.js";
export { argmax, max, mean, min, sum } from "./reduce.js";
export type { Reduction } from "./reduction.js";
export { concat, indexSelect, permute, reshape, slice, stack, transpose } from "./shape.js";
export { logSoftmax, logsumexp, softmax } from "./softmax.js";
export { squeeze, unsqueeze } from "./squeeze.js";
export { where } from "./where.js";
