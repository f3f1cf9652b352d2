import { confusionMatrix } from "../../metrics/confusion.js";
import { type ClassifierScore, scoreClasses } from "./classificationTask.js";
import type { Classifier } from "./classifier.js";
import { encodeExamples, type LabelledInputs, readExamples } from "./examples.js";
import { likeliest, logProbabilities } from "./inputs.js";

/** How good a classifier is on examples. */
export interface ClassifierEvaluation extends ClassifierScore {
  readonly examples: number;
  /** Examples left out, as their text or label is blank. */
  readonly empty: number;
  readonly labels: readonly string[];
  /** `confusion[i][j]`: how many of `labels[i]` were taken for `labels[j]`. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Loss, accuracy and confusion matrix of a classifier on examples. Throws `Error` on none and on a label that the classifier
 * has not.
 *
 * @example
 * const { accuracy } = await evaluateClassifier(classifier, [{ input: "Worth every penny.", label: "positive" }]);
 */
export async function evaluateClassifier(
  classifier: Classifier,
  examples: LabelledInputs,
): Promise<ClassifierEvaluation> {
  const { all, empty } = await readExamples("evaluate", examples);
  if (all.length === 0) throw new Error(`evaluate: expected at least one example, got none (${empty} empty left out)`);
  const { labels } = classifier;
  const { inputs, classes } = encodeExamples("evaluate", classifier, all);
  const logs = logProbabilities(classifier.model, inputs);
  const predictions = logs.map((own) => labels[likeliest(own)]);
  const references = all.map(({ label }) => label);
  const confusion = confusionMatrix(predictions, references, labels);
  return { examples: all.length, empty, ...scoreClasses(logs, classes), labels, confusion };
}
