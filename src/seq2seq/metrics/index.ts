export { type BleuOptions, type BleuScore, bleu, sentenceBleu } from "./bleu.js";
export { type ChrfOptions, type ChrfScore, chrf } from "./chrf.js";
