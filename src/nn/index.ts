export {
  AdditiveAttention,
  Attention,
  type AttentionKeys,
  type AttentionModuleOptions,
  DotAttention,
  GeneralAttention,
} from "./attention.js";
export { type CellOptions, GRUCell, LSTMCell, RNNCell, type RnnCellOptions } from "./cells.js";
export { chronoInit } from "./chronoInit.js";
export { type Layer, type LayersInput, type LayersOutput, ModuleList, Sequential } from "./containers.js";
export { Dropout, type DropoutModuleOptions } from "./dropout.js";
export { Embedding, type EmbeddingModuleOptions } from "./embedding.js";
export * as functional from "./functional.js";
export { GRU } from "./gru.js";
export * as init from "./init.js";
export { LayerNorm, type LayerNormOptions } from "./layerNorm.js";
export { Linear, type LinearOptions } from "./linear.js";
export { BCEWithLogitsLoss, CrossEntropyLoss, LogSoftmax, MSELoss, NLLLoss } from "./losses.js";
export { LSTM } from "./lstm.js";
export { type LoadedKeys, type LoadOptions, Module, type StateDict } from "./module.js";
export type { RecurrentModuleOptions, SequenceOptions } from "./recurrentBase.js";
export { RNN, type RnnModuleOptions } from "./rnn.js";
