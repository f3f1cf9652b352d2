export { type CorpusOptions, countReachable, generateCorpus } from "./generate.js";
export { lexiconSize } from "./lexicon/index.js";
export { type CorpusSplits, corpusSplits, type SplitOptions } from "./splits.js";
export type { Level, SentencePair } from "./types.js";
