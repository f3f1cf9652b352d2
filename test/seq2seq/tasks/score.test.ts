import { expect, test } from "vitest";
import { isBetter } from "../../../src/seq2seq/tasks/score.js";

test.each([
  ["more BLEU in spite of the loss", { bleu: 20, loss: 2 }, { bleu: 19, loss: 1 }, true],
  ["BLEU that rises above 5", { bleu: 5.1, loss: 4 }, { bleu: 4.9, loss: 3 }, true],
  ["as much BLEU with less loss", { bleu: 20, loss: 1 }, { bleu: 20, loss: 2 }, true],
  ["the same", { bleu: 20, loss: 1 }, { bleu: 20, loss: 1 }, false],
  ["less loss, where BLEU is still noise", { bleu: 0.2, loss: 3 }, { bleu: 1.7, loss: 5 }, true],
  ["more of that noise", { bleu: 4.9, loss: 3 }, { bleu: 0, loss: 3 }, false],
])("%s", (_, score, best, better) => {
  expect(isBetter(score, best)).toBe(better);
  if (better) expect(isBetter(best, score)).toBe(false);
});
