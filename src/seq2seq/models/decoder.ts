import { add, concat, dropout, indexSelect, logSoftmax, relu } from "../../autograd/ops/index.js";
import { Cached } from "../../nn/cached.js";
import type { Embedding } from "../../nn/embedding.js";
import type { Linear } from "../../nn/linear.js";
import type { RecurrentModuleOptions, SequenceOptions } from "../../nn/recurrentBase.js";
import { anything, checkOptions, flag, fraction, integer, type OptionTable } from "../../options.js";
import { zeros } from "../../tensor/create.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { PackedDecoder } from "./packedDecoder.js";
import { type CellKind, cellOption, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import { type DecoderState, lastLayer, type State, selectRows } from "./state.js";
import type { Stepper } from "./stepper.js";
import { decoderEmbedding, decoderOutput, type TableOptions, tableOptions } from "./tables.js";
import { type Encoded, TokenDecoder } from "./tokenDecoder.js";
import { dropTokens, type TokenDropout } from "./tokenDropout.js";
import { asSequence } from "./tokenIds.js";

export interface DecoderOptions extends TableOptions {
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** As in {@link RecurrentModuleOptions}. Default false. */
  readonly layerNorm?: boolean;
  readonly residual?: boolean;
  /** Width of the embedding. Default: hiddenSize. */
  readonly embeddingSize?: number;
  /** Between layers, and on the embedded tokens where the next is missing, while training. Default 0. */
  readonly dropout?: number;
  /** On the embedded tokens. Default: `dropout`. */
  readonly embeddingDropout?: number;
  /** On the features before the output layer. Default 0. */
  readonly outputDropout?: number;
  /** How likely a whole token is left out, while training. Default 0. */
  readonly wordDropout?: number;
  /** Whether every step reads the context beside its token (Cho et al., 2014), rather than only begin with it. */
  readonly contextInput?: boolean;
  /** Whether relu stands between the embedding and the recurrent layer. Default true. */
  readonly relu?: boolean;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<DecoderOptions> = {
  cell: cellOption,
  numLayers: integer(1),
  layerNorm: flag(),
  residual: flag(),
  embeddingSize: integer(1),
  dropout: fraction(),
  embeddingDropout: fraction(),
  outputDropout: fraction(),
  wordDropout: fraction(),
  ...tableOptions,
  contextInput: flag(),
  relu: flag(),
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
  readonly contextInput: boolean;
  readonly #isRelu: boolean;
  readonly #dropout: TokenDropout & { readonly outputDropout: number };
  readonly #packed: Cached<PackedDecoder>;

  constructor(hiddenSize: number, outputSize: number, options: DecoderOptions = {}) {
    super();
    checkOptions("Decoder", OPTIONS, options);
    const { cell = "gru", numLayers, embeddingSize = hiddenSize, dropout = 0, contextInput = false } = options;
    const { embeddingDropout = dropout, outputDropout = 0, wordDropout = 0, generator } = options;
    const { layerNorm, residual, relu: isRelu = true } = options;
    const embedding = decoderEmbedding(outputSize, embeddingSize, options, generator);
    this.embedding = this.registerModule("embedding", embedding);
    const inputSize = contextInput ? embeddingSize + hiddenSize : embeddingSize;
    this.layer = recurrentLayer(cell, inputSize, hiddenSize, {
      ...{ numLayers, layerNorm, residual, dropout, generator },
    });
    this.registerModule(cell, this.layer.module);
    this.out = this.registerModule("out", decoderOutput(embedding, hiddenSize, options, generator));
    this.outputSize = outputSize;
    this.contextInput = contextInput;
    this.#isRelu = isRelu;
    this.#dropout = { embeddingDropout, outputDropout, wordDropout, generator };
    const pack = () => new PackedDecoder(this.embedding.weight, this.layer.module.stepper(), this.out, { isRelu });
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
    const { training } = this;
    const { outputDropout, generator } = this.#dropout;
    const embedded = this.embedding.forward(asSequence("Decoder", input)); // [T, B, F]
    const dropped = dropTokens(embedded, this.#dropout, training);
    const words = this.#isRelu ? relu(dropped) : dropped;
    const [T, B] = words.shape;
    const read = context ? concat([words, add(zeros([T, B, context.shape[1]]), context)], -1) : words; // [T, B, F or F + H]
    const [features, next] = this.layer.forward(read, hidden, options);
    return [dropout(features, outputDropout, { training, generator }), { hidden: next, context }];
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
