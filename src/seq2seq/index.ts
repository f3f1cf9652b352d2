export * from "./audio/index.js";
export { type Batch, makeBatch, padSources, type TargetBatch } from "./data/batch.js";
export { BATCH_TOKENS, type BatchLimits, bucketedBatches, groupsByLength } from "./data/bucket.js";
export type { JudgingPairs, Languages, PreparedPairs } from "./data/encode.js";
export { type FramePair, type Frames, makeFrameBatch, padFrames } from "./data/frames.js";
export { LineDecoder, readLines, streamLines } from "./data/lines.js";
export { type EncodedPair, EncodedPairs, type Pairs, pick } from "./data/pairs.js";
export {
  type Corpus,
  type CorpusOptions,
  prepareCorpus,
  preparePairs,
  type ReadingProgress,
  type TextOptions,
} from "./data/prepare.js";
export { readParallel, readTsv, streamParallel, streamTsv, type TextPair } from "./data/readPairs.js";
export type { TextPairs } from "./data/tokenise.js";
export { readUtterances, type Utterance } from "./data/utterances.js";
export * from "./figures/index.js";
export type { SafetensorsDtype } from "./files/dtypes.js";
export { FolderStore } from "./files/folderStore.js";
export { IndexedDbStore } from "./files/indexedDbStore.js";
export { MemoryStore } from "./files/memoryStore.js";
export { quantize } from "./files/quantize.js";
export {
  decodeSafetensors,
  type EncodingOptions,
  encodeSafetensors,
  type SafetensorsContent,
} from "./files/safetensors.js";
export type { Files, Store } from "./files/store.js";
export * from "./metrics/index.js";
export type { AttendingDecoder, AttentionDecoderOptions, AttentionKind } from "./models/attendingDecoder.js";
export { AttentionDecoder } from "./models/attentionDecoder.js";
export {
  type Classification,
  type ClassifierBatch,
  SequenceClassifier,
} from "./models/classifier.js";
export type { ClassifierConfig, PoolingKind } from "./models/classifierConfig.js";
export { ConditionalDecoder } from "./models/conditionalDecoder.js";
export type { Seq2SeqConfig } from "./models/config.js";
export { Decoder, type DecoderOptions, type DecodingOptions } from "./models/decoder.js";
export { Encoder, type EncoderOptions } from "./models/encoder.js";
export { type DecodingConfig, EncoderDecoder, type Encoding, type Padded } from "./models/encoderDecoder.js";
export { FeedingDecoder } from "./models/feedingDecoder.js";
export { FrameEncoder, type FrameEncoderOptions } from "./models/frameEncoder.js";
export { FrameSeq2Seq, type FrameSeq2SeqConfig } from "./models/frameSeq2seq.js";
export { LanguageModel, type LanguageModelConfig, type LanguageModelLoss } from "./models/languageModel.js";
export { LexicalModel } from "./models/lexical.js";
export { AttentionPooling } from "./models/pooling.js";
export type { CellKind } from "./models/recurrentLayer.js";
export { Seq2Seq, type Seq2SeqOptions } from "./models/seq2seq.js";
export { type AttentionState, type DecoderState, type State, selectRows } from "./models/state.js";
export type { Beginning, Searchable, Step, Stepper } from "./models/stepper.js";
export { type Encoded, type SourceEncoder, TokenDecoder } from "./models/tokenDecoder.js";
export { exportOnnx } from "./onnx/exportOnnx.js";
export { beamSearch } from "./search/beam.js";
export type { BeamOptions, Hypothesis, Running } from "./search/beamOptions.js";
export { Ensemble } from "./search/ensemble.js";
export { type Forced, forcedDecoding } from "./search/forced.js";
export { greedySearch } from "./search/greedy.js";
export type { RankingOptions } from "./search/ranking.js";
export { type SamplingOptions, sampleSearch } from "./search/sampling.js";
export type { SearchOptions, SearchSource } from "./search/searching.js";
export type { Augment, ClassifierScore } from "./tasks/classification/classificationTask.js";
export { Classifier, type ClassifierParts, type Prediction } from "./tasks/classification/classifier.js";
export { type ClassifierEvaluation, evaluateClassifier } from "./tasks/classification/evaluateClassifier.js";
export type { Labelled, LabelledInputs } from "./tasks/classification/examples.js";
export {
  type ClassifierStart,
  type TrainClassifierOptions,
  type TrainClassifierResult,
  trainClassifier,
} from "./tasks/classification/trainClassifier.js";
export { type GenerateOptions, TextGenerator, type TextGeneratorParts } from "./tasks/generation/textGenerator.js";
export {
  type TextGeneratorStart,
  type TrainTextGeneratorOptions,
  type TrainTextGeneratorResult,
  trainTextGenerator,
} from "./tasks/generation/trainTextGenerator.js";
export { resolveSettings, type SettingChange } from "./tasks/resolveSettings.js";
export { type Criterion, criterionFor, type Score } from "./tasks/score.js";
export type { Setting } from "./tasks/setting.js";
export {
  type AudioSettings,
  type DataSettings,
  defaultSettings,
  type ModelSettings,
  type RunSettings,
  SETTINGS,
  type SettingName,
  type Settings,
  settingsByName,
  type TaskName,
  type TextSettings,
  type TrainingSettings,
} from "./tasks/settings.js";
export { trainOptions } from "./tasks/settingsFile.js";
export type { TrainOptions, TrainStart } from "./tasks/trainModel.js";
export type { TranscriptionScore } from "./tasks/transcription/score.js";
export {
  type TrainTranscriberOptions,
  type TrainTranscriberResult,
  type TranscriberStart,
  trainTranscriber,
} from "./tasks/transcription/trainTranscriber.js";
export { type TranscribeOptions, Transcriber, type TranscriberParts } from "./tasks/transcription/transcriber.js";
export type { TrainingUtterances } from "./tasks/transcription/transcriptionTask.js";
export {
  type NBestOptions,
  type ScoredText,
  TextTranslator,
  type TranslateOptions,
} from "./tasks/translation/textTranslator.js";
export type { StartReport, TrainTranslatorOptions, ValidationReport } from "./tasks/translation/trainOptions.js";
export { type TrainTranslatorResult, trainTranslator } from "./tasks/translation/trainTranslator.js";
export { Translator } from "./tasks/translation/translator.js";
export { TranslatorEnsemble } from "./tasks/translation/translatorEnsemble.js";
export * from "./text/index.js";
export { type Checkpoint, decodeCheckpoint } from "./training/checkpoint.js";
export { evaluateLoss } from "./training/evaluate.js";
export type { EndEvent, RunEnd, RunEvent, StepEvent, ValidationEvent } from "./training/events.js";
export { type History, parseHistory } from "./training/history.js";
export type { LearningRateOptions } from "./training/learningRate.js";
export { run } from "./training/run.js";
export type { RunOptions } from "./training/runOptions.js";
export type { Batches, BatchLoss, Carried, Scores, Task } from "./training/task.js";
