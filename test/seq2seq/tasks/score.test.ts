import { expect, test } from "vitest";
import { criterionFor, isBetter, scoresOf } from "../../../src/seq2seq/tasks/score.js";

test.each([
  ["more BLEU in spite of the loss", { bleu: 20, loss: 2 }, { bleu: 19, loss: 1 }, true],
  ["BLEU that rises above 5", { bleu: 5.1, loss: 4 }, { bleu: 4.9, loss: 3 }, true],
  ["as much BLEU with less loss", { bleu: 20, loss: 1 }, { bleu: 20, loss: 2 }, true],
  ["the same", { bleu: 20, loss: 1 }, { bleu: 20, loss: 1 }, false],
  ["less loss, where BLEU is still noise", { bleu: 0.2, loss: 3 }, { bleu: 1.7, loss: 5 }, true],
  ["more of that noise", { bleu: 4.9, loss: 3 }, { bleu: 0, loss: 3 }, false],
])("%s", (_, score, best, better) => {
  const full = (some: { bleu: number; loss: number }) => ({ chrf: 0, exact: 0, ...some });
  expect(isBetter(full(score), full(best), "bleu")).toBe(better);
  if (better) expect(isBetter(full(best), full(score), "bleu")).toBe(false);
});

test("where the loss decides, BLEU does not count", () => {
  const [one, two] = [
    { bleu: 90, chrf: 90, exact: 90, loss: 2 },
    { bleu: 0, chrf: 0, exact: 0, loss: 1 },
  ];
  expect([isBetter(two, one, "loss"), isBetter(one, two, "loss")]).toEqual([true, false]);
});

const many = (text: string, count: number): string[] => Array.from({ length: count }, () => text);

test.each([
  ["references of three words", many("un deux trois", 1000), "loss"],
  ["of which a few are longer", [...many("un deux", 900), ...many("un deux trois quatre cinq six", 100)], "loss"],
  ["very few references", many("un deux trois quatre cinq six", 5), "loss"],
  ["ordinary sentences", many("Le chien dort dans le jardin .", 100), "bleu"],
  ["short ones, whose signs are words to BLEU", many("Oui, il dort.", 300), "bleu"],
  ["none", [], "loss"],
])("chooses by what the references can bear: %s", (_, references, criterion) => {
  expect(criterionFor(references)).toBe(criterion);
});

test("counts exact matches in per cent, and knows chrF", () => {
  const { exact, chrf, bleu } = scoresOf(["a b c d", "a b c"], ["a b c d", "a b d"]);
  expect(exact).toBe(50);
  expect(chrf).toBeGreaterThan(bleu);
});
