import { crossEntropy, dropout } from "../../autograd/ops/index.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import { checkOptions, fraction } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import type { Generator } from "../../tensor/random.js";
import { Tensor } from "../../tensor/tensor.js";
import { type ClassifierConfig, checkClassifier, completeClassifierConfig } from "./classifierConfig.js";
import { Encoder } from "./encoder.js";
import { FrameEncoder } from "./frameEncoder.js";
import { AttentionPooling, highestStates, meanOverPlaces } from "./pooling.js";
import { modelOptions, type Seq2SeqOptions } from "./seq2seq.js";

const LOSS_OPTIONS = { labelSmoothing: fraction() };

/** Several sequences side by side, and the class of each. */
export interface ClassifierBatch {
  /** Token ids [S, B], or frames [T, B, F]. */
  readonly source: Indices | Tensor;
  /** [B]; default: all S or T */
  readonly lengths?: Indices;
  /** [B] */
  readonly classes: Indices;
}

/** What a classifier says of a batch. */
export interface Classification {
  /** [B, classes] */
  readonly logits: Tensor;
  /** [B, S]: with attention, how much of each place of its memory it looked at; null without */
  readonly attention: Tensor | null;
}

/**
 * Says to which of several classes a sequence belongs, of tokens or of frames: an encoder, its outputs pooled into one vector
 * (its last states, their mean, or a mixture by {@link AttentionPooling}), dropout, and a linear layer `out`.
 *
 * @example
 * const model = new SequenceClassifier({ features: 28, classes: 10, hiddenSize: 64 }); // an image, row by row
 * const loss = model.loss({ source: randn([28, 16, 28]), classes: labels }); // labels [16]
 */
export class SequenceClassifier extends Module {
  readonly config: Required<ClassifierConfig>;
  readonly encoder: Encoder | FrameEncoder;
  readonly pooling: AttentionPooling | null;
  readonly out: Linear;
  readonly #generator: Generator | undefined;

  constructor(config: ClassifierConfig, options: Seq2SeqOptions = {}) {
    super();
    const complete = completeClassifierConfig(config);
    checkOptions("SequenceClassifier", modelOptions, options);
    checkClassifier(complete);
    const { generator } = options;
    const { classes, hiddenSize, bidirectional, pooling } = complete;
    const memorySize = bidirectional ? 2 * hiddenSize : hiddenSize;
    this.config = complete;
    this.encoder = this.registerModule("encoder", makeEncoder(complete, generator));
    this.pooling =
      pooling === "attention" ? this.registerModule("pooling", new AttentionPooling(memorySize, { generator })) : null;
    this.out = this.registerModule("out", new Linear(memorySize, classes, { generator }));
    this.#generator = generator;
  }

  /**
   * Token ids [S, B] or frames [T, B, F], how many of them are real (default: all) → logits [B, classes].
   * Throws `TypeError` on frames where the encoder reads tokens, and the other way round.
   */
  forward(source: Indices | Tensor, lengths?: Indices): Tensor {
    return this.classify(source, lengths).logits;
  }

  /** As `forward`, with what the pooling looked at beside. */
  classify(source: Indices | Tensor, lengths?: Indices): Classification {
    const [pooled, attention] = this.#pooled(source, lengths);
    const { training } = this;
    const dropped = dropout(pooled, this.config.outputDropout, { training, generator: this.#generator });
    return { logits: this.out.forward(dropped), attention };
  }

  /** Mean cross-entropy of a batch, in nats. */
  loss({ source, lengths, classes }: ClassifierBatch, options: { readonly labelSmoothing?: number } = {}): Tensor {
    checkOptions("SequenceClassifier.loss", LOSS_OPTIONS, options);
    return crossEntropy(this.forward(source, lengths), classes, options);
  }

  #pooled(source: Indices | Tensor, lengths: Indices | undefined): [Tensor, Tensor | null] {
    const encoded = this.#encode(source, lengths);
    const { pooling, bidirectional } = this.config;
    if (this.pooling) return this.pooling.forward(encoded.memory, encoded.lengths);
    if (pooling === "mean") return [meanOverPlaces(encoded.memory, encoded.lengths), null];
    return [highestStates(encoded.last, bidirectional ? 2 : 1), null];
  }

  #encode(source: Indices | Tensor, lengths: Indices | undefined) {
    const { encoder } = this;
    if (encoder instanceof FrameEncoder) return encoder.encode(source as Tensor, lengths);
    if (!(source instanceof Tensor)) return encoder.encode(source, lengths);
    throw new TypeError("SequenceClassifier: expected token ids [S, B], as it has an inputSize, got a tensor");
  }
}

function makeEncoder(config: Required<ClassifierConfig>, generator: Generator | undefined): Encoder | FrameEncoder {
  const { inputSize, features, hiddenSize, embeddingSize, stack, subsample } = config;
  const { cell, numLayers, bidirectional, layerNorm, residual, dropout, embeddingDropout, wordDropout } = config;
  const layers = { cell, numLayers, bidirectional, layerNorm, residual, dropout, generator };
  if (inputSize === null) return new FrameEncoder(features!, hiddenSize, { ...layers, stack, subsample });
  return new Encoder(inputSize, hiddenSize, { ...layers, embeddingSize, embeddingDropout, wordDropout });
}
