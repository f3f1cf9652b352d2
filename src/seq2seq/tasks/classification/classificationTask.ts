import { intTensor } from "../../../tensor/intTensor.js";
import { Generator } from "../../../tensor/random.js";
import { batchesByLength } from "../../data/bucket.js";
import type { Frames } from "../../data/frames.js";
import type { Files } from "../../files/store.js";
import type { ClassifierBatch, SequenceClassifier } from "../../models/classifier.js";
import type { Batches, BatchLoss, Task } from "../../training/task.js";
import { fingerprint } from "../fingerprint.js";
import type { Classifier } from "./classifier.js";
import { type EncodedExamples, frameBits } from "./examples.js";
import { lengthOf, likeliest, logProbabilities, padInputs } from "./inputs.js";

/** How good a classifier is. (A type, as an interface has no room for scores of other names.) */
export type ClassifierScore = {
  /** Nats an example, without label smoothing. */
  readonly loss: number;
  /** Labels that are right, in per cent. */
  readonly accuracy: number;
};

/** Frames changed at random, so that no epoch reads the same ones. */
export type Augment = (frames: Frames, generator: Generator) => Frames;

export interface ClassificationTaskOptions {
  /** Examples a batch, at most. */
  readonly batchSize: number;
  /** Tokens or frames a batch, padding included, at most; a longer example is a batch of its own. */
  readonly batchTokens: number;
  readonly labelSmoothing: number;
  readonly augment?: Augment;
  /** Orders the batches and draws for dropout and augmentation. */
  readonly generator: Generator;
  /** Files to keep beside the classifier's. */
  readonly files?: Files;
}

/** Training a {@link Classifier}, as a `run` sees it. */
export class ClassificationTask implements Task<ClassifierBatch> {
  readonly model: SequenceClassifier;
  readonly generator: Generator;
  readonly identity: Readonly<Record<string, number>>;
  readonly criterion = "accuracy";
  readonly #owner: Classifier;
  readonly #train: EncodedExamples;
  readonly #valid: EncodedExamples;
  readonly #options: ClassificationTaskOptions;

  constructor(owner: Classifier, train: EncodedExamples, valid: EncodedExamples, options: ClassificationTaskOptions) {
    this.model = owner.model;
    this.generator = options.generator;
    this.identity = { "training examples": marks(train), "validation examples": marks(valid) };
    this.#owner = owner;
    this.#train = train;
    this.#valid = valid;
    this.#options = options;
  }

  batches(): Batches<ClassifierBatch> {
    const { batchSize, batchTokens, augment, generator } = this.#options;
    const { inputs, classes } = this.#train;
    const groups = batchesByLength(inputs.map(lengthOf), { sentences: batchSize, tokens: batchTokens }, generator);
    const seed = augment ? generator.integer(2 ** 32) : 0; // a batch that is asked for again is the same
    return {
      length: groups.length,
      at(index) {
        const group = groups[index];
        const own = group.map((i) => inputs[i]);
        const drawn = new Generator(seed + index);
        const read = augment ? own.map((frames) => augment(frames as Frames, drawn)) : own;
        return { ...padInputs(read), classes: Int32Array.from(group, (i) => classes[i]) };
      },
    };
  }

  loss(batch: ClassifierBatch): BatchLoss {
    const { labelSmoothing } = this.#options;
    return { loss: this.model.loss(batch, { labelSmoothing }), count: intTensor(batch.classes).data.length };
  }

  validate(): ClassifierScore {
    return scoreClasses(logProbabilities(this.model, this.#valid.inputs), this.#valid.classes);
  }

  /** By accuracy, then by the loss. */
  isBetter(score: ClassifierScore, best: ClassifierScore): boolean {
    return score.accuracy > best.accuracy || (score.accuracy === best.accuracy && score.loss < best.loss);
  }

  files(): Files {
    return { ...this.#owner.files(), ...this.#options.files };
  }
}

/** Loss and accuracy of log-probabilities, an example each. */
export function scoreClasses(logs: readonly Float32Array[], classes: ArrayLike<number>): ClassifierScore {
  const loss = logs.reduce((sum, own, i) => sum - own[classes[i]], 0) / logs.length;
  const right = logs.filter((own, i) => likeliest(own) === classes[i]).length;
  return { loss, accuracy: (100 * right) / logs.length };
}

/** What tells these examples from others. */
function marks({ inputs, classes }: EncodedExamples): number {
  return fingerprint([classes, ...inputs.map((input) => (input instanceof Int32Array ? input : frameBits(input)))]);
}
