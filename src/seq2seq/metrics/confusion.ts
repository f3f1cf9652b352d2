import { show } from "../../show.js";
import { checkTexts } from "../text/checkText.js";

/**
 * How often what should be one label was taken for another: row i, column j counts those of label i that were said to be j.
 * Throws `RangeError` unless both lists are as long, and have no other labels, and on a label given twice; `TypeError` on what are
 * no lists of strings.
 *
 * @example
 * confusionMatrix(["spam", "ham", "ham"], ["spam", "spam", "ham"], ["ham", "spam"]); // [[1, 0], [1, 1]]
 */
export function confusionMatrix(
  predictions: readonly string[],
  references: readonly string[],
  labels: readonly string[],
): number[][] {
  checkTexts("confusionMatrix", "predictions", predictions);
  checkTexts("confusionMatrix", "references", references);
  checkTexts("confusionMatrix", "labels", labels);
  if (predictions.length !== references.length) {
    const got = `${predictions.length} and ${references.length}`;
    throw new RangeError(`confusionMatrix: expected as many predictions as references, got ${got}`);
  }
  const places = new Map(labels.map((label, i) => [label, i]));
  if (places.size < labels.length) {
    const twice = labels.find((label, i) => places.get(label) !== i);
    throw new RangeError(`confusionMatrix: expected each label once, got ${show(twice)} again`);
  }
  const placeOf = (label: string, index: number): number => {
    const place = places.get(label);
    if (place !== undefined) return place;
    throw new RangeError(`confusionMatrix: expected labels among those given, got ${show(label)} at ${index}`);
  };
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  for (const [i, reference] of references.entries()) counts[placeOf(reference, i)][placeOf(predictions[i], i)]++;
  return counts;
}
