import { characterErrorRate, wordErrorRate } from "../../metrics/errorRate.js";

/** How good a transcriber is on validation recordings. (A type, as an interface has no room for scores of other names.) */
export type TranscriptionScore = {
  /** Nats a target token, without label smoothing. */
  readonly loss: number;
  /** Word and character error rate, in per cent. */
  readonly wer: number;
  readonly cer: number;
  /** Texts that are their reference, in per cent. */
  readonly exact: number;
};

/** A model that has learned nothing yet may write nothing, which is 100, or much, which is more: the loss tells more then. */
const WORST_WER = 90;

/** Error rates and exact matches of texts, held against references of the same form. */
export function transcriptionScores(
  texts: readonly string[],
  references: readonly string[],
): Omit<TranscriptionScore, "loss"> {
  const exact = texts.filter((text, i) => text === references[i]).length;
  return {
    wer: wordErrorRate(texts, references).score,
    cer: characterErrorRate(texts, references).score,
    exact: (100 * exact) / Math.max(1, texts.length),
  };
}

/** Whether a score is better than the best so far: by the word error rate, then by the loss, which alone counts above 90 %. */
export function isBetterTranscription(score: TranscriptionScore, best: TranscriptionScore): boolean {
  const gain = Math.min(best.wer, WORST_WER) - Math.min(score.wer, WORST_WER);
  return gain > 0 || (gain === 0 && score.loss < best.loss);
}
