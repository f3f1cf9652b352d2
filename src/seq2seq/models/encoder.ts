import { Embedding } from "../../nn/embedding.js";
import { Module } from "../../nn/module.js";
import type { RecurrentModuleOptions, SequenceOptions } from "../../nn/recurrentBase.js";
import { checkOptions, flag, fraction, integer, type OptionTable } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type CellKind, cellOption, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import type { State } from "./state.js";
import type { Encoded, SourceEncoder } from "./tokenDecoder.js";
import { dropTokens, type TokenDropout } from "./tokenDropout.js";
import { asSequence } from "./tokenIds.js";

export interface EncoderOptions {
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  readonly bidirectional?: boolean;
  /** As in {@link RecurrentModuleOptions}. Default false. */
  readonly layerNorm?: boolean;
  readonly residual?: boolean;
  /** Width of the embedding. Default: hiddenSize. */
  readonly embeddingSize?: number;
  /** Between layers, and on the embedded tokens where the next is missing, while training. Default 0. */
  readonly dropout?: number;
  /** On the embedded tokens. Default: `dropout`. */
  readonly embeddingDropout?: number;
  /** How likely a whole token is left out, while training. Default 0. */
  readonly wordDropout?: number;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<EncoderOptions> = {
  cell: cellOption,
  numLayers: integer(1),
  bidirectional: flag(),
  layerNorm: flag(),
  residual: flag(),
  embeddingSize: integer(1),
  embeddingDropout: fraction(),
  wordDropout: fraction(),
  dropout: fraction(),
  generator: generatorOption,
};

/**
 * Reads a sequence of token ids into states: embedding [inputSize, embeddingSize], then a recurrent layer.  (Cho et al.,
 * 2014; Sutskever et al., 2014)
 *
 * @example
 * const encoder = new Encoder(1000, 64);
 * let [output, hidden] = encoder.forward(17); // one token: [1, 1, 64] and [1, 1, 64]
 * [output, hidden] = encoder.forward([5, 9, 3], hidden); // the next three: [3, 1, 64]
 */
export class Encoder extends Module implements SourceEncoder<Indices> {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly #dropout: TokenDropout;

  constructor(inputSize: number, hiddenSize: number, options: EncoderOptions = {}) {
    super();
    checkOptions("Encoder", OPTIONS, options);
    const { cell = "gru", numLayers, bidirectional, embeddingSize = hiddenSize, dropout = 0, generator } = options;
    const { layerNorm, residual } = options;
    this.embedding = this.registerModule("embedding", new Embedding(inputSize, embeddingSize, { generator }));
    this.layer = recurrentLayer(cell, embeddingSize, hiddenSize, {
      ...{ numLayers, bidirectional, layerNorm, residual, dropout, generator },
    });
    this.registerModule(cell, this.layer.module);
    const { embeddingDropout = dropout, wordDropout = 0 } = options;
    this.#dropout = { embeddingDropout, wordDropout, generator };
  }

  /**
   * ids [], [T] or [T, B], hidden [layers · directions, B, H] (zeros unless given; an LSTM's is a pair)
   * → [output [T, B, directions · H], hidden]. Throws `RangeError` on an id outside the vocabulary.
   */
  forward(input: Indices, hidden?: State | null, options: SequenceOptions = {}): [Tensor, State] {
    const { output, last } = this.#read(input, hidden, options);
    return [output, last];
  }

  /** ids [S] or [S, B] of these lengths (default: all S) → what a decoder may look at. */
  encode(source: Indices, lengths?: Indices): Encoded {
    const { embedded, output, last } = this.#read(source, null, { lengths });
    return { memory: output, lengths, last, embedded };
  }

  #read(input: Indices, hidden: State | null | undefined, options: SequenceOptions) {
    const ids = asSequence("Encoder", input);
    const embedded = dropTokens(this.embedding.forward(ids), this.#dropout, this.training);
    const [output, last] = this.layer.forward(embedded, hidden, options);
    return { embedded, output, last };
  }
}
