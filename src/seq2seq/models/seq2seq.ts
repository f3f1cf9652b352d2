import {
  concat,
  crossEntropy,
  dropout,
  indexSelect,
  logSoftmax,
  mul,
  reshape,
  slice,
  stack,
  sum,
  tanh,
} from "../../autograd/ops/index.js";
import type { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import { anything, checkOptions, fraction, type OptionTable } from "../../options.js";
import { tensor } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Batch, padSources } from "../data/batch.js";
import { BOS } from "../text/vocabulary.js";
import type { AttendingDecoder } from "./attendingDecoder.js";
import { AttentionDecoder } from "./attentionDecoder.js";
import { ConditionalDecoder } from "./conditionalDecoder.js";
import { checkModel, completeConfig, type Seq2SeqConfig } from "./config.js";
import { Decoder } from "./decoder.js";
import { Encoder } from "./encoder.js";
import { FeedingDecoder } from "./feedingDecoder.js";
import { mapState, type State } from "./state.js";
import type { Beginning, Searchable } from "./stepper.js";
import type { Encoded, TokenDecoder } from "./tokenDecoder.js";
import { asSequence } from "./tokenIds.js";

export interface Seq2SeqOptions {
  /** Draws the first weights and, in training, for dropout. */
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<Seq2SeqOptions> = { generator: generatorOption };
const LOSS_OPTIONS = { labelSmoothing: fraction() };
const LENGTHS = { source: anything<Indices>(), target: anything<Indices>() };

/**
 * Encoder and decoder joined by a fixed context: the encoder's last states are the decoder's first (Cho et al., 2014;
 * Sutskever et al., 2014), through a linear `bridge` where both directions of a layer have to fit into one state.
 *
 * @example
 * const model = new Seq2Seq({ inputSize: 1000, outputSize: 1200, hiddenSize: 64 });
 * const loss = model.loss(makeBatch([{ source: [5, 9], target: [7, 4, 8] }]));
 * loss.backward();
 */
export class Seq2Seq extends Module implements Searchable {
  readonly config: Required<Seq2SeqConfig>;
  readonly encoder: Encoder;
  readonly decoder: Decoder | AttendingDecoder;
  /** One for each part of a state (an LSTM has two), where the encoder is bidirectional. */
  readonly bridges: readonly Linear[];
  /** One for each part of a state, where the decoder begins with the mean of the encoder's outputs. */
  readonly initial: readonly Linear[];
  readonly #contextDropout: number;
  readonly #generator: Generator | undefined;

  constructor(config: Seq2SeqConfig, options: Seq2SeqOptions = {}) {
    super();
    const complete = completeConfig(config);
    checkOptions("Seq2Seq", OPTIONS, options);
    const { generator } = options;
    checkModel(complete);
    const { hiddenSize, cell, numLayers, bidirectional, embeddingSize, contextDropout, initialState } = complete;
    const { dropout, embeddingDropout, wordDropout, layerNorm, residual } = complete;
    this.config = complete;
    const widths = { cell, numLayers, bidirectional, layerNorm, residual, embeddingSize };
    const rates = { dropout, embeddingDropout, wordDropout };
    this.encoder = this.registerModule(
      "encoder",
      new Encoder(config.inputSize, hiddenSize, { ...widths, ...rates, generator }),
    );
    this.decoder = this.registerModule("decoder", makeDecoder(complete, this.encoder.embedding, generator));
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

  /** source [S, B] (or [S], one sentence) → what the decoder may look at, `last` being its first state. */
  encode(source: Indices, lengths?: Indices): Encoded {
    const { embedded, output, last } = this.encoder.read(source, null, { lengths });
    const { training } = this;
    const memory = dropout(output, this.#contextDropout, { training, generator: this.#generator });
    return { memory, lengths, embedded, last: this.#firstState(memory, lengths, last) };
  }

  /** What the decoder begins with. */
  #firstState(memory: Tensor, lengths: Indices | undefined, last: State): State {
    if (this.initial.length > 0) {
      const mean = meanOverPlaces(memory, lengths); // [B, E]
      return mapState(last, (_, which) => splitLayers(tanh(this.initial[which].forward(mean)), this.config.hiddenSize));
    }
    if (this.bridges.length === 0) return last;
    return mapState(last, (part, which) => this.bridges[which].forward(joinDirections(part)));
  }

  /**
   * Log-probabilities of every next target token, given the ones before (teacher forcing).
   * source [S, B], target input [T, B] (beginning with BOS) → [T, B, outputSize].
   */
  forward(
    source: Indices,
    targetInput: Indices,
    lengths: { readonly source?: Indices; readonly target?: Indices } = {},
  ): Tensor {
    checkOptions("Seq2Seq", LENGTHS, lengths);
    const decoder: TokenDecoder<unknown> = this.decoder;
    const ids = asSequence("Seq2Seq", targetInput);
    const state = decoder.start(this.encode(source, lengths.source), ids.shape[1]);
    const [features] = decoder.features(ids, state, { lengths: lengths.target });
    return logSoftmax(decoder.logits(features));
  }

  /**
   * Mean cross-entropy of a batch's real target tokens, in nats, with teacher forcing; padding is neither computed nor
   * counted. Log-softmax and loss are one op on the logits.
   */
  loss(batch: Batch, options: { readonly labelSmoothing?: number } = {}): Tensor {
    checkOptions("Seq2Seq.loss", LOSS_OPTIONS, options);
    const decoder: TokenDecoder<unknown> = this.decoder;
    const { targetInput, targetLengths, targetRows, targets } = batch;
    const state = decoder.start(this.encode(batch.source, batch.sourceLengths), targetInput.shape[1]);
    const [features] = decoder.features(targetInput, state, { lengths: targetLengths });
    const all = reshape(features, [-1, features.shape[2]]); // [T · B, H]
    const isPadded = targetRows.length < all.shape[0] || targetRows.some((row, i) => row !== i);
    const real = isPadded ? indexSelect(all, 0, targetRows) : all; // [N, H]
    return crossEntropy(decoder.logits(real), targets, options);
  }

  /** Where a search for translations begins: each source read, and BOS to read first. */
  begin(sources: readonly ArrayLike<number>[]): Beginning {
    const { ids, lengths } = padSources(sources);
    const state = scope(() => this.decoder.start(this.encode(ids, lengths), sources.length));
    return { stepper: this.decoder.stepper(), state, ids: sources.map(() => BOS), lengths };
  }
}

/** The decoder that a config asks for; `embedding` is the encoder's. */
function makeDecoder(
  config: Required<Seq2SeqConfig>,
  embedding: Embedding,
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

/** [S, B, E], 0 past each length → [B, E] */
function meanOverPlaces(memory: Tensor, lengths: Indices | undefined): Tensor {
  const [S, B] = memory.shape;
  const shares = lengths ? Float32Array.from(intTensor(lengths).data, (length) => 1 / length) : null;
  return mul(sum(memory, 0), shares ? tensor(shares, [B, 1]) : 1 / S);
}

/** [B, layers · H] → [layers, B, H] */
function splitLayers(states: Tensor, width: number): Tensor {
  const layers = states.shape[1] / width;
  return stack(Array.from({ length: layers }, (_, layer) => slice(states, 1, layer * width, (layer + 1) * width)));
}

/** [layers · 2, B, H] → [layers, B, 2H]: both directions of a layer side by side. */
function joinDirections(state: Tensor): Tensor {
  const [rows, batch, hidden] = state.shape;
  const parts = Array.from({ length: rows }, (_, i) => reshape(slice(state, 0, i, i + 1), [batch, hidden]));
  return stack(Array.from({ length: rows / 2 }, (_, layer) => concat(parts.slice(2 * layer, 2 * layer + 2), -1)));
}
