export { type BleuOptions, type BleuScore, bleu, sentenceBleu } from "./bleu.js";
export { type PairedBootstrapOptions, type PairedScores, pairedBootstrap, type ResampledScore } from "./bootstrap.js";
export { type ChrfOptions, type ChrfScore, chrf } from "./chrf.js";
export { confusionMatrix } from "./confusion.js";
export { characterErrorRate, type ErrorRate, wordErrorRate } from "./errorRate.js";
export type { References } from "./segments.js";
