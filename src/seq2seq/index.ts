export { type Batch, bucketedBatches, type EncodedPair, makeBatch, padSources } from "./data/batch.js";
export { readLines, readParallel, readTsv, type TextPair } from "./data/readPairs.js";
export { decodeSafetensors, encodeSafetensors, type SafetensorsContent } from "./files/safetensors.js";
export * from "./metrics/index.js";
export { Decoder, type DecoderOptions } from "./model/decoder.js";
export { Encoder, type EncoderOptions } from "./model/encoder.js";
export { Seq2Seq, type Seq2SeqConfig } from "./model/seq2seq.js";
export type { CellKind, State } from "./model/state.js";
export { type BeamOptions, beamSearch, type Hypothesis } from "./search/beam.js";
export { greedySearch } from "./search/greedy.js";
export { type SamplingOptions, sampleSearch } from "./search/sampling.js";
export type { SearchOptions } from "./search/stepwise.js";
export * from "./text/index.js";
export { evaluateLoss } from "./training/evaluate.js";
export type { TextOptions } from "./training/prepare.js";
export type { Score } from "./training/score.js";
export {
  type RunOptions,
  type StepReport,
  Trainer,
  type TrainerOptions,
  type TrainingProgress,
} from "./training/trainer.js";
export {
  type StartReport,
  type TrainTranslatorOptions,
  type TrainTranslatorResult,
  trainTranslator,
  type ValidationReport,
} from "./training/trainTranslator.js";
export { type Language, type ScoredText, Translator } from "./translator.js";
