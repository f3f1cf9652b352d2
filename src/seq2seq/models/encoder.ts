import { dropout } from "../../autograd/ops/index.js";
import { Embedding } from "../../nn/embedding.js";
import { Module } from "../../nn/module.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import { checkOptions, flag, fraction, integer, type OptionTable } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type CellKind, cellOption, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import type { State } from "./state.js";
import { asSequence } from "./tokenIds.js";

export interface EncoderOptions {
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  readonly bidirectional?: boolean;
  /** On the embedded tokens and between layers, while training. Default 0. */
  readonly dropout?: number;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<EncoderOptions> = {
  cell: cellOption,
  numLayers: integer(1),
  bidirectional: flag(),
  dropout: fraction(),
  generator: generatorOption,
};

/**
 * Reads a sequence of token ids into states: embedding [inputSize, hiddenSize], then a recurrent layer.  (Cho et al.,
 * 2014; Sutskever et al., 2014)
 *
 * @example
 * const encoder = new Encoder(1000, 64);
 * let [output, hidden] = encoder.forward(17); // one token: [1, 1, 64] and [1, 1, 64]
 * [output, hidden] = encoder.forward([5, 9, 3], hidden); // the next three: [3, 1, 64]
 */
export class Encoder extends Module {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly dropout: number;
  readonly #generator: Generator | undefined;

  constructor(inputSize: number, hiddenSize: number, options: EncoderOptions = {}) {
    super();
    checkOptions("Encoder", OPTIONS, options);
    const { cell = "gru", numLayers, bidirectional, dropout: p = 0, generator } = options;
    this.embedding = this.registerModule("embedding", new Embedding(inputSize, hiddenSize, { generator }));
    this.layer = recurrentLayer(cell, hiddenSize, hiddenSize, { numLayers, bidirectional, dropout: p, generator });
    this.registerModule(cell, this.layer.module);
    this.dropout = p;
    this.#generator = generator;
  }

  /**
   * ids [], [T] or [T, B], hidden [layers · directions, B, H] (zeros unless given; an LSTM's is a pair)
   * → [output [T, B, directions · H], hidden]. Throws `RangeError` on an id outside the vocabulary.
   */
  forward(input: Indices, hidden?: State | null, options: SequenceOptions = {}): [Tensor, State] {
    const embedded = this.embedding.forward(asSequence("Encoder", input)); // [T, B, H]
    const dropped = dropout(embedded, this.dropout, { training: this.training, generator: this.#generator });
    return this.layer.forward(dropped, hidden, options);
  }
}
