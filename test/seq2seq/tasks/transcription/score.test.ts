import { expect, test } from "vitest";
import { isBetterTranscription, transcriptionScores } from "../../../../src/seq2seq/tasks/transcription/score.js";

test("scores texts by words, by characters and as a whole", () => {
  expect(transcriptionScores(["one two", "three"], ["one too", "three"])).toEqual({
    ...{ wer: 100 / 3, cer: 100 / 12, exact: 50 },
  });
});

test("the better of two scores has the lower word error rate, then the lower loss, which alone counts above 90 %", () => {
  const score = (wer: number, loss: number) => ({ wer, loss, cer: 0, exact: 0 });
  expect(isBetterTranscription(score(10, 2), score(11, 1))).toBe(true);
  expect(isBetterTranscription(score(11, 1), score(10, 2))).toBe(false);
  expect(isBetterTranscription(score(10, 1), score(10, 2))).toBe(true);
  expect(isBetterTranscription(score(10, 1), score(10, 1))).toBe(false);
  expect(isBetterTranscription(score(120, 1), score(100, 2))).toBe(true);
  expect(isBetterTranscription(score(89, 3), score(100, 2))).toBe(true);
});
