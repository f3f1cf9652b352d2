export type { OptionValue } from "../options.js";
export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions } from "./adam.js";
export { AdamW } from "./adamw.js";
export { type ClipGradNormOptions, clipGradNorm } from "./clipGradNorm.js";
export { CosineAnnealingLR, type CosineAnnealingLROptions } from "./cosineAnnealingLR.js";
export { Optimizer, type OptimizerState } from "./optimizer.js";
export type { ParamGroup, ParamGroupOptions, Params } from "./paramGroups.js";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduceLROnPlateau.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export type { HasParamGroups, SchedulerState } from "./scheduler.js";
export {
  ExponentialLR,
  type ExponentialLROptions,
  LinearWarmup,
  type LinearWarmupOptions,
  MultiStepLR,
  type MultiStepLROptions,
  StepLR,
  type StepLROptions,
} from "./schedules.js";
export { SGD, type SGDOptions } from "./sgd.js";
