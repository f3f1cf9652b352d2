import { dropout, logSoftmax, relu } from "../../autograd/ops/index.js";
import { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import { Prepared } from "../../nn/prepared.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import type { Indices } from "../../tensor/intTensor.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { PreparedDecoder } from "./preparedDecoder.js";
import { asSequence, type CellKind, type RecurrentLayer, recurrentLayer, type State } from "./state.js";

export interface DecoderOptions {
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** On the embedded tokens and between layers, while training. Default 0. */
  readonly dropout?: number;
  readonly generator?: Generator;
}

/**
 * Predicts each next token from the one before and a state that began as the context: embedding
 * [outputSize, hiddenSize], relu, a recurrent layer, a linear layer `out`, log-softmax.
 *
 * @example
 * const decoder = new Decoder(64, 1200);
 * const [logProbabilities, hidden] = decoder.forward(BOS, context); // [1, 1, 1200] and [1, 1, 64]
 */
export class Decoder extends Module {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly out: Linear;
  readonly dropout: number;
  readonly #generator: Generator | undefined;
  readonly #prepared: Prepared<PreparedDecoder>;

  constructor(hiddenSize: number, outputSize: number, options: DecoderOptions = {}) {
    super();
    const { cell = "gru", numLayers, dropout: p = 0, generator } = options;
    this.embedding = this.registerModule("embedding", new Embedding(outputSize, hiddenSize, { generator }));
    this.layer = recurrentLayer(cell, hiddenSize, hiddenSize, { numLayers, dropout: p, generator });
    this.registerModule(cell, this.layer.module);
    this.out = this.registerModule("out", new Linear(hiddenSize, outputSize, { generator }));
    this.dropout = p;
    this.#generator = generator;
    this.#prepared = new Prepared(
      this.parameters(),
      () => new PreparedDecoder(this.embedding.weight, this.layer.module.stepper(), this.out),
    );
  }

  /**
   * ids [], [T] or [T, B], hidden [layers, B, H] (zeros unless given; an LSTM's is a pair)
   * → [log-probabilities [T, B, outputSize], hidden]. Throws `RangeError` on an id outside the vocabulary.
   */
  forward(input: Indices, hidden?: State | null, options: SequenceOptions = {}): [Tensor, State] {
    const [features, last] = this.features(input, hidden, options);
    return [logSoftmax(this.out.forward(features)), last];
  }

  /**
   * The decoder made ready for many single steps without history. Kept as long as nobody takes the floats of a
   * parameter, so that a model that only translates is prepared once.
   */
  prepare(): PreparedDecoder {
    return this.#prepared.get();
  }

  /** As `forward`, but stops before `out`: → [features [T, B, H], hidden]. Training picks the real tokens first. */
  features(input: Indices, hidden?: State | null, options: SequenceOptions = {}): [Tensor, State] {
    const embedded = this.embedding.forward(asSequence("Decoder", input)); // [T, B, H]
    const dropped = dropout(embedded, this.dropout, { training: this.training, generator: this.#generator });
    return this.layer.forward(relu(dropped), hidden, options);
  }
}
