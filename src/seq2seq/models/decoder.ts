import { add, concat, dropout, indexSelect, logSoftmax, relu } from "../../autograd/ops/index.js";
import { Cached } from "../../nn/cached.js";
import { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import { anything, checkOptions, flag, fraction, integer, type OptionTable } from "../../options.js";
import { zeros } from "../../tensor/create.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { PackedDecoder } from "./packedDecoder.js";
import { type CellKind, cellOption, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import { type DecoderState, lastLayer, type State, selectRows } from "./state.js";
import type { Stepper } from "./stepper.js";
import { type Encoded, TokenDecoder } from "./tokenDecoder.js";
import { asSequence } from "./tokenIds.js";

export interface DecoderOptions {
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** On the embedded tokens and between layers, while training. Default 0. */
  readonly dropout?: number;
  /** Whether every step reads the context beside its token (Cho et al., 2014), rather than only begin with it. */
  readonly contextInput?: boolean;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<DecoderOptions> = {
  cell: cellOption,
  numLayers: integer(1),
  dropout: fraction(),
  contextInput: flag(),
  generator: generatorOption,
};

export interface DecodingOptions extends SequenceOptions {
  /** [B, H]: with `contextInput`, what every step reads beside its token. Default: the hidden state given. */
  readonly context?: Tensor;
}

const DECODING_OPTIONS: OptionTable<DecodingOptions> = { lengths: anything(), context: anything() };

/**
 * Predicts each next token from the one before and a state that began as the context: embedding
 * [outputSize, hiddenSize], relu, a recurrent layer, a linear layer `out`, log-softmax.
 *
 * @example
 * const decoder = new Decoder(64, 1200);
 * const [logProbabilities, hidden] = decoder.forward(BOS, context); // [1, 1, 1200] and [1, 1, 64]
 */
export class Decoder extends TokenDecoder<DecoderState> {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly out: Linear;
  readonly outputSize: number;
  readonly dropout: number;
  readonly contextInput: boolean;
  readonly #generator: Generator | undefined;
  readonly #packed: Cached<PackedDecoder>;

  constructor(hiddenSize: number, outputSize: number, options: DecoderOptions = {}) {
    super();
    checkOptions("Decoder", OPTIONS, options);
    const { cell = "gru", numLayers, dropout: p = 0, contextInput = false, generator } = options;
    this.embedding = this.registerModule("embedding", new Embedding(outputSize, hiddenSize, { generator }));
    const inputSize = contextInput ? 2 * hiddenSize : hiddenSize;
    this.layer = recurrentLayer(cell, inputSize, hiddenSize, { numLayers, dropout: p, generator });
    this.registerModule(cell, this.layer.module);
    this.out = this.registerModule("out", new Linear(hiddenSize, outputSize, { generator }));
    this.outputSize = outputSize;
    this.dropout = p;
    this.contextInput = contextInput;
    this.#generator = generator;
    const pack = () => new PackedDecoder(this.embedding.weight, this.layer.module.stepper(), this.out);
    this.#packed = this.owns(new Cached(this.parameters(), pack, (packed) => packed.replaced()));
  }

  /**
   * ids [], [T] or [T, B], hidden [layers, B, H] (zeros unless given; an LSTM's is a pair)
   * → [log-probabilities [T, B, outputSize], hidden]. Throws `RangeError` on an id outside the vocabulary.
   */
  forward(input: Indices, hidden?: State | null, options: DecodingOptions = {}): [Tensor, State] {
    checkOptions("Decoder", DECODING_OPTIONS, options);
    const { lengths, context } = options;
    const ids = asSequence("Decoder", input);
    const first = this.#begin(hidden ?? this.layer.start(ids.shape[1]));
    const state = context && this.contextInput ? { ...first, context } : first;
    const [features, next] = this.features(ids, state, { lengths });
    return [logSoftmax(this.logits(features)), next.hidden];
  }

  start(encoded: Encoded | null, count: number): DecoderState {
    return this.#begin(encoded?.last ?? this.layer.start(count));
  }

  /** What the encoder ended with is the first state, and the context of every step that reads it. */
  #begin(hidden: State): DecoderState {
    return { hidden, context: this.contextInput ? lastLayer(hidden) : null };
  }

  features(input: Indices, { hidden, context }: DecoderState, options: SequenceOptions = {}): [Tensor, DecoderState] {
    const embedded = this.embedding.forward(asSequence("Decoder", input)); // [T, B, H]
    const words = relu(dropout(embedded, this.dropout, { training: this.training, generator: this.#generator }));
    const read = context ? concat([words, add(zeros(words.shape), context)], -1) : words; // [T, B, H or 2H]
    const [features, next] = this.layer.forward(read, hidden, options);
    return [features, { hidden: next, context }];
  }

  logits(features: Tensor): Tensor {
    return this.out.forward(features);
  }

  select({ hidden, context }: DecoderState, rows: readonly number[]): DecoderState {
    return {
      hidden: selectRows(hidden, rows),
      context: context && indexSelect(context, 0, Int32Array.from(rows)),
    };
  }

  /**
   * Steps over weights packed once, with the bits of `features` and `logits`. They are kept as long as no parameter
   * changes, so that a model that only translates is packed once.
   */
  override stepper(): Stepper<DecoderState> {
    return this.contextInput ? super.stepper() : this.#packed.get().lend();
  }
}
