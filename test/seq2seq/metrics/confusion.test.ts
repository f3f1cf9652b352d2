import { expect, test } from "vitest";
import { confusionMatrix } from "../../../src/seq2seq/metrics/index.js";
import { wrong } from "../../support/wrong.js";

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

test.each<[unknown[], Error]>([
  [[], new TypeError("confusionMatrix: expected a list of predictions, got undefined")],
  [[["a"], ["a"]], new TypeError("confusionMatrix: expected a list of labels, got undefined")],
  [[["a"], [1], ["a"]], new TypeError("confusionMatrix: expected references that are strings, got 1 at 0")],
  [[["a"], ["a"], ["a", "b", "a"]], new RangeError('confusionMatrix: expected each label once, got "a" again')],
])("refuses what are no labels: %j", (given, error) => {
  const [predictions, references, labels] = given.map(wrong);
  expect(() => confusionMatrix(predictions, references, labels)).toThrow(error);
});
