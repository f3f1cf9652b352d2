import { flag, fraction, integer, type OptionTable, oneOf, orNull } from "../../options.js";
import { completed, isConfig } from "./config.js";
import { checkSubsample } from "./frameSeq2seq.js";
import type { CellKind } from "./recurrentLayer.js";

/** How a classifier makes one vector of all that its encoder read. */
export type PoolingKind = "last" | "mean" | "attention";

/** Everything needed to build a classifier again. It has either an `inputSize` or `features`. */
export interface ClassifierConfig {
  /** Size of the vocabulary, where a sequence is of tokens; null, the default, where it is not. */
  readonly inputSize?: number | null;
  /** Numbers of a frame, where a sequence is of frames; null, the default, where it is not. */
  readonly features?: number | null;
  /** How many classes there are. */
  readonly classes: number;
  /** Width of states. */
  readonly hiddenSize: number;
  /** Of tokens: width of embeddings. Default: that of states. */
  readonly embeddingSize?: number;
  /** Default "gru". */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** Whether the encoder reads in both directions. */
  readonly bidirectional?: boolean;
  /** Whether the products inside the recurrent steps are normalised (Ba, Kiros and Hinton, 2016). */
  readonly layerNorm?: boolean;
  /** Whether every recurrent layer but the lowest adds what it reads to its output. */
  readonly residual?: boolean;
  /** While training, between layers, and where the next two are missing. Default 0. */
  readonly dropout?: number;
  /** On embedded tokens. Default: `dropout`. */
  readonly embeddingDropout?: number;
  /** On the pooled vector before the output layer. Default: `dropout`. */
  readonly outputDropout?: number;
  /** How likely a whole token is left out (Gal and Ghahramani, 2016). Default 0. */
  readonly wordDropout?: number;
  /** Of frames: how many neighbouring ones the lowest layer reads at once. Default 1. */
  readonly stack?: number;
  /** Of frames: above how many of the lowest layers every two neighbouring outputs are joined. Default 0. */
  readonly subsample?: number;
  /** What is classified: the highest layer's last state ("last", the default), the mean of its outputs, or a mixture. */
  readonly pooling?: PoolingKind;
}

const CONFIG: OptionTable<ClassifierConfig> = {
  inputSize: orNull(integer(1)),
  features: orNull(integer(1)),
  classes: integer(1),
  hiddenSize: integer(1),
  embeddingSize: integer(1),
  cell: oneOf(["rnn", "gru", "lstm"], "gru"),
  numLayers: integer(1, 1),
  bidirectional: flag(false),
  layerNorm: flag(false),
  residual: flag(false),
  dropout: fraction(0),
  embeddingDropout: fraction(),
  outputDropout: fraction(),
  wordDropout: fraction(0),
  stack: integer(1, 1),
  subsample: integer(0, 0),
  pooling: oneOf(["last", "mean", "attention"], "last"),
};

/** The config with every default. Throws `TypeError` on a name that there is not, `RangeError` on a value out of range. */
export function completeClassifierConfig(config: ClassifierConfig): Required<ClassifierConfig> {
  return completed("SequenceClassifier", CONFIG, config, ({ hiddenSize, dropout }) => ({
    ...{ embeddingSize: hiddenSize, embeddingDropout: dropout, outputDropout: dropout },
  }));
}

/** Whether something is a config of a classifier of imaginable size. */
export function isClassifierConfig(value: unknown): value is ClassifierConfig {
  return isConfig(CONFIG, ["inputSize", "features", "classes", "hiddenSize", "numLayers", "cell", "dropout"], value);
}

/**
 * Throws `RangeError` on options of a classifier that do not go together. It begins with `op`, and calls an option what
 * `nameOf` says.
 */
export function checkClassifier(
  config: Partial<ClassifierConfig>,
  op = "SequenceClassifier",
  nameOf = (name: keyof ClassifierConfig): string => name,
): void {
  const { inputSize = null, features = null, numLayers = 1, residual = false, stack = 1, subsample = 0 } = config;
  const fail = (expected: string, got: string): never => {
    throw new RangeError(`${op}: expected ${expected}, got ${got}`);
  };
  if ((inputSize === null) === (features === null)) {
    fail(`either ${nameOf("inputSize")} or ${nameOf("features")}`, inputSize === null ? "neither" : "both");
  }
  for (const [name, isSet] of Object.entries({ stack: stack > 1, subsample: subsample > 0 })) {
    if (features !== null || !isSet) continue;
    fail(`${nameOf("features")} with ${nameOf(name as "stack" | "subsample")}`, nameOf("inputSize"));
  }
  if (residual && numLayers === 1) fail(`${nameOf("numLayers")} 2 or more with ${nameOf("residual")}`, "1");
  checkSubsample(config, op, nameOf);
}
