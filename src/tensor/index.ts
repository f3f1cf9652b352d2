export {
  full,
  ones,
  type RandomOptions,
  rand,
  randn,
  type TensorOptions,
  tensor,
  zeros,
} from "./create.js";
export { type Indices, IntTensor, intTensor } from "./intTensor.js";
export {
  getNumThreads,
  type Kernels,
  kernelSet,
  type RuntimeInfo,
  runtimeInfo,
  setNumThreads,
  startThreads,
} from "./kernels/index.js";
export type { NestedNumbers } from "./nested.js";
export { defaultGenerator, Generator, type GeneratorState, manualSeed } from "./random.js";
export { scope } from "./scope.js";
export type { Shape } from "./shape.js";
export type { DType, FloatArray } from "./storage.js";
export { Tensor } from "./tensor.js";
