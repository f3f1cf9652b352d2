export type { OptionValue } from "../options.js";
export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions } from "./adam.js";
export { AdamW } from "./adamw.js";
export { type ClipGradNormOptions, clipGradNorm } from "./clipGradNorm.js";
export { Optimizer, type OptimizerState } from "./optimizer.js";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduceLROnPlateau.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export type { HasLearningRate, SchedulerState } from "./scheduler.js";
export {
  ExponentialLR,
  type ExponentialLROptions,
  LinearWarmup,
  type LinearWarmupOptions,
  StepLR,
  type StepLROptions,
} from "./schedules.js";
export { SGD, type SGDOptions } from "./sgd.js";
