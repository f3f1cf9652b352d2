import { expect, test } from "vitest";
import { confusionMatrix } from "../../../src/seq2seq/metrics/index.js";

test("counts, in the row of the right label, what it was taken for", () => {
  const references = ["cat", "ant", "cat", "cat", "ant", "bird"]; // the example of scikit-learn's documentation
  const predictions = ["ant", "ant", "cat", "cat", "ant", "cat"];
  const matrix = confusionMatrix(predictions, references, ["ant", "bird", "cat"]);
  expect(matrix).toEqual([
    [2, 0, 0],
    [0, 0, 1],
    [1, 0, 2],
  ]);
  expect(confusionMatrix([], [], ["a"])).toEqual([[0]]);
});

test.each<[string[], string[], string]>([
  [["a"], [], "confusionMatrix: expected as many predictions as references, got 1 and 0"],
  [["a", "c"], ["a", "b"], 'confusionMatrix: expected labels among those given, got "c" at 1'],
  [["a"], ["toString"], 'confusionMatrix: expected labels among those given, got "toString" at 0'],
])("refuses %j for %j", (predictions, references, message) => {
  expect(() => confusionMatrix(predictions, references, ["a", "b"])).toThrow(new RangeError(message));
});
