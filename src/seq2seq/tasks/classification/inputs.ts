import { logSoftmax } from "../../../autograd/ops/index.js";
import type { IntTensor } from "../../../tensor/intTensor.js";
import { scope } from "../../../tensor/scope.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { padSources } from "../../data/batch.js";
import { groupsByLength } from "../../data/bucket.js";
import { countFrames, type Frames, padFrames } from "../../data/frames.js";
import type { SequenceClassifier } from "../../models/classifier.js";
import { evaluating } from "../../models/evaluating.js";

/** What a model reads: token ids, or frames. */
export type ModelInput = Int32Array | Frames;

/** Sequences that are classified together, and tokens or frames: as many as fit into some ten megabytes a layer. */
const BATCH = { sentences: 64, tokens: 2 ** 15 };

/** How many steps a model reads an input in. */
export function lengthOf(input: ModelInput): number {
  return input instanceof Int32Array ? input.length : (countFrames(input) as number);
}

/** Inputs of one kind side by side, padded: token ids [S, B], or frames [T, B, F]. */
export function padInputs(inputs: readonly ModelInput[]): { source: IntTensor | Tensor; lengths: Int32Array } {
  if (!(inputs[0] instanceof Int32Array)) return padFrames(inputs as readonly Frames[]);
  const { ids, lengths } = padSources(inputs as readonly Int32Array[]);
  return { source: ids, lengths };
}

/** The log-probability of each class, dropout off, for each of some inputs. */
export function logProbabilities(model: SequenceClassifier, inputs: readonly ModelInput[]): Float32Array[] {
  const { classes } = model.config;
  const all = new Array<Float32Array>(inputs.length);
  evaluating(model, () => {
    for (const group of groupsByLength(inputs.map(lengthOf), BATCH)) {
      scope(() => {
        const { source, lengths } = padInputs(group.map((index) => inputs[index]));
        const floats = floatsOf(logSoftmax(model.forward(source, lengths)));
        group.forEach((index, row) => {
          all[index] = Float32Array.from(floats.subarray(row * classes, (row + 1) * classes));
        });
      });
    }
  });
  return all;
}

/** The index of the greatest number; the first of equal ones. */
export function likeliest(numbers: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i] > numbers[best]) best = i;
  return best;
}
