import { crossEntropy, dropout, indexSelect, logSoftmax, reshape, tanh } from "../../autograd/ops/index.js";
import type { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import { anything, checkOptions, fraction } from "../../options.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import type { Generator } from "../../tensor/random.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Batch } from "../data/batch.js";
import { BOS } from "../text/vocabulary.js";
import type { AttendingDecoder } from "./attendingDecoder.js";
import { AttentionDecoder } from "./attentionDecoder.js";
import { ConditionalDecoder } from "./conditionalDecoder.js";
import type { Seq2SeqConfig } from "./config.js";
import { Decoder } from "./decoder.js";
import { FeedingDecoder } from "./feedingDecoder.js";
import { meanOverPlaces } from "./pooling.js";
import { joinDirections, mapState, type State, splitLayers } from "./state.js";
import type { Beginning, Searchable } from "./stepper.js";
import type { Encoded, SourceEncoder, TokenDecoder } from "./tokenDecoder.js";
import { asSequence } from "./tokenIds.js";

const LOSS_OPTIONS = { labelSmoothing: fraction() };
const LENGTHS = { source: anything<Indices>(), target: anything<Indices>() };

/** What the side behind the encoder is made of, whatever the sources are. */
export type DecodingConfig = Required<Omit<Seq2SeqConfig, "inputSize">>;

/** A model's encoder. */
export interface Encoding<Input> {
  readonly encoder: SourceEncoder<Input>;
  /** Of tokens: the table that the decoder shares where all are tied. */
  readonly embedding?: Embedding;
}

/** Several sources of a search side by side. */
export interface Padded<Input> {
  readonly source: Input;
  readonly lengths: Int32Array;
}

/**
 * An encoder of any kind of source and a decoder that writes tokens, joined by what the encoder ended with: its last states
 * are the decoder's first (Cho et al., 2014; Sutskever et al., 2014), through a linear `bridge` where both directions of a
 * layer have to fit into one state; or the mean of its outputs, through a linear layer `initial` and tanh, is (Sennrich et
 * al., 2017). `Input` is a batch of sources as the encoder reads them, `Source` one of them as a search is given it.
 */
export abstract class EncoderDecoder<Input, Source> extends Module implements Searchable<Source> {
  readonly encoder: SourceEncoder<Input>;
  readonly decoder: Decoder | AttendingDecoder;
  /** One for each part of a state (an LSTM has two), where the encoder is bidirectional. */
  readonly bridges: readonly Linear[];
  /** One for each part of a state, where the decoder begins with the mean of the encoder's outputs. */
  readonly initial: readonly Linear[];
  readonly #hiddenSize: number;
  readonly #contextDropout: number;
  readonly #generator: Generator | undefined;

  protected constructor(
    config: DecodingConfig,
    { encoder, embedding }: Encoding<Input>,
    generator: Generator | undefined,
  ) {
    super();
    const { hiddenSize, cell, numLayers, bidirectional, contextDropout, initialState } = config;
    this.encoder = this.registerModule("encoder", encoder);
    this.decoder = this.registerModule("decoder", makeDecoder(config, embedding, generator));
    this.#hiddenSize = hiddenSize;
    this.#contextDropout = contextDropout;
    this.#generator = generator;
    const memorySize = bidirectional ? 2 * hiddenSize : hiddenSize;
    const parts = cell === "lstm" ? ["", "_c"] : [""];
    const linear = (name: string, size: number): Linear =>
      this.registerModule(name, new Linear(memorySize, size, { generator }));
    const isMean = initialState === "mean";
    this.initial = isMean ? parts.map((part) => linear(`initial${part}`, numLayers * hiddenSize)) : [];
    this.bridges = bidirectional && !isMean ? parts.map((part) => linear(`bridge${part}`, hiddenSize)) : [];
  }

  /** Sources of a search as the encoder reads them. */
  protected abstract padded(sources: readonly Source[]): Padded<Input>;

  /** A batch of sources → what the decoder may look at, `last` being its first state. */
  encode(source: Input, lengths?: Indices): Encoded {
    const read = this.encoder.encode(source, lengths);
    const { training } = this;
    const memory = dropout(read.memory, this.#contextDropout, { training, generator: this.#generator });
    return { ...read, memory, last: this.#firstState(memory, read.lengths, read.last) };
  }

  /** What the decoder begins with. */
  #firstState(memory: Tensor, lengths: Indices | undefined, last: State): State {
    if (this.initial.length > 0) {
      const mean = meanOverPlaces(memory, lengths); // [B, E]
      return mapState(last, (_, which) => splitLayers(tanh(this.initial[which].forward(mean)), this.#hiddenSize));
    }
    if (this.bridges.length === 0) return last;
    return mapState(last, (part, which) => this.bridges[which].forward(joinDirections(part)));
  }

  /**
   * Log-probabilities of every next target token, given the ones before (teacher forcing).
   * A batch of sources, target input [T, B] (beginning with BOS) → [T, B, outputSize].
   */
  forward(
    source: Input,
    targetInput: Indices,
    lengths: { readonly source?: Indices; readonly target?: Indices } = {},
  ): Tensor {
    const name = this.constructor.name;
    checkOptions(name, LENGTHS, lengths);
    const decoder: TokenDecoder<unknown> = this.decoder;
    const ids = asSequence(name, targetInput);
    const state = decoder.start(this.encode(source, lengths.source), ids.shape[1]);
    const [features] = decoder.features(ids, state, { lengths: lengths.target });
    return logSoftmax(decoder.logits(features));
  }

  /**
   * Mean cross-entropy of a batch's real target tokens, in nats, with teacher forcing; padding is neither computed nor
   * counted. Log-softmax and loss are one op on the logits.
   */
  loss(batch: Batch<Input>, options: { readonly labelSmoothing?: number } = {}): Tensor {
    checkOptions(`${this.constructor.name}.loss`, LOSS_OPTIONS, options);
    const decoder: TokenDecoder<unknown> = this.decoder;
    const { targetInput, targetLengths, targetRows, targets } = batch;
    const state = decoder.start(this.encode(batch.source, batch.sourceLengths), targetInput.shape[1]);
    const [features] = decoder.features(targetInput, state, { lengths: targetLengths });
    const all = reshape(features, [-1, features.shape[2]]); // [T · B, H]
    const isPadded = targetRows.length < all.shape[0] || targetRows.some((row, i) => row !== i);
    const real = isPadded ? indexSelect(all, 0, targetRows) : all; // [N, H]
    return crossEntropy(decoder.logits(real), targets, options);
  }

  /** Where a search begins: each source read, and BOS to read first. */
  begin(sources: readonly Source[]): Beginning {
    const { state, lengths } = scope(() => {
      const padded = this.padded(sources);
      const encoded = this.encode(padded.source, padded.lengths);
      return { state: this.decoder.start(encoded, sources.length), lengths: intTensor(encoded.lengths!).data };
    });
    return { stepper: this.decoder.stepper(), state, ids: sources.map(() => BOS), lengths };
  }
}

/** The decoder that a config asks for; `embedding` is the encoder's. */
function makeDecoder(
  config: DecodingConfig,
  embedding: Embedding | undefined,
  generator: Generator | undefined,
): Decoder | AttendingDecoder {
  const { hiddenSize, outputSize, embeddingSize, cell, numLayers, bidirectional, attention } = config;
  const { dropout, embeddingDropout, outputDropout, wordDropout, contextInput, tied } = config;
  const { layerNorm, residual } = config;
  const tables = { tied: tied !== "none", embedding: tied === "all" ? embedding : undefined };
  const rates = { dropout, embeddingDropout, outputDropout, wordDropout };
  const shared = { cell, numLayers, layerNorm, residual, embeddingSize, ...rates, ...tables, generator };
  if (attention === "none") return new Decoder(hiddenSize, outputSize, { ...shared, contextInput });
  const Kind = config.inputFeeding ? FeedingDecoder : config.conditional ? ConditionalDecoder : AttentionDecoder;
  const memorySize = bidirectional ? 2 * hiddenSize : hiddenSize;
  const lexical = config.lexical ? embeddingSize : undefined;
  return new Kind(hiddenSize, memorySize, outputSize, { ...shared, attention, lexical });
}
