import { concat, crossEntropy, indexSelect, logSoftmax, reshape, slice, stack } from "../../autograd/ops/index.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import { anything, checkOptions, flag, fraction, integer, type OptionTable, oneOf } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { scope } from "../../tensor/scope.js";
import { numel } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Batch, padSources } from "../data/batch.js";
import { BOS } from "../text/vocabulary.js";
import type { AttendingDecoder, AttentionKind } from "./attendingDecoder.js";
import { AttentionDecoder } from "./attentionDecoder.js";
import { ConditionalDecoder } from "./conditionalDecoder.js";
import { Decoder } from "./decoder.js";
import { Encoder } from "./encoder.js";
import { FeedingDecoder } from "./feedingDecoder.js";
import { type CellKind, cellOption } from "./recurrentLayer.js";
import { mapState } from "./state.js";
import type { Beginning, Searchable } from "./stepper.js";
import type { Encoded, TokenDecoder } from "./tokenDecoder.js";
import { asSequence } from "./tokenIds.js";

/** Everything needed to build a model again; saved in a model folder's `config.json`. */
export interface Seq2SeqConfig {
  /** Sizes of the two vocabularies. */
  readonly inputSize: number;
  readonly outputSize: number;
  /** Width of embeddings and states. */
  readonly hiddenSize: number;
  /** Default "gru". */
  readonly cell?: CellKind;
  /** Layers of encoder and of decoder. Default 1. */
  readonly numLayers?: number;
  /** Whether the encoder reads in both directions. */
  readonly bidirectional?: boolean;
  /** Default 0. */
  readonly dropout?: number;
  /** How the decoder looks at the source; by default "none": all it has is the encoder's last state. */
  readonly attention?: AttentionKind | "none";
  /** Without attention: whether every step of the decoder reads the context (Cho et al., 2014), or it only begins with it. */
  readonly contextInput?: boolean;
  /** With attention: whether the decoder reads what it last made of the source (Luong et al., 2015, section 3.3). */
  readonly inputFeeding?: boolean;
  /** With attention: whether it stands inside the step, between two cells (Sennrich et al., 2017: conditional GRU). */
  readonly conditional?: boolean;
}

const CONFIG: OptionTable<Seq2SeqConfig> = {
  inputSize: integer(1),
  outputSize: integer(1),
  hiddenSize: integer(1),
  cell: cellOption,
  numLayers: integer(1),
  bidirectional: flag(),
  dropout: fraction(),
  attention: oneOf(["none", "dot", "general", "additive"]),
  contextInput: flag(),
  inputFeeding: flag(),
  conditional: flag(),
};

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
  readonly config: Seq2SeqConfig;
  readonly encoder: Encoder;
  readonly decoder: Decoder | AttendingDecoder;
  /** One for each part of a state (an LSTM has two), where the encoder is bidirectional. */
  readonly bridges: readonly Linear[];

  constructor(config: Seq2SeqConfig, options: Seq2SeqOptions = {}) {
    super();
    checkOptions("Seq2Seq", CONFIG, config);
    checkOptions("Seq2Seq", OPTIONS, options);
    const { generator } = options;
    const {
      inputSize,
      outputSize,
      hiddenSize,
      cell = "gru",
      numLayers = 1,
      bidirectional = false,
      dropout = 0,
      attention = "none",
      contextInput = false,
      inputFeeding = false,
      conditional = false,
    } = config;
    this.config = {
      ...{ inputSize, outputSize, hiddenSize, cell, numLayers, bidirectional, dropout },
      ...{ attention, contextInput, inputFeeding, conditional },
    };
    const shared = { cell, numLayers, dropout, generator };
    this.encoder = this.registerModule("encoder", new Encoder(inputSize, hiddenSize, { ...shared, bidirectional }));
    this.decoder = this.registerModule("decoder", makeDecoder(this.config as Required<Seq2SeqConfig>, generator));
    const names = !bidirectional ? [] : cell === "lstm" ? ["bridge", "bridge_c"] : ["bridge"];
    this.bridges = names.map((name) =>
      this.registerModule(name, new Linear(2 * hiddenSize, hiddenSize, { generator })),
    );
  }

  /** source [S, B] (or [S], one sentence) → what the decoder may look at, `last` being its first state. */
  encode(source: Indices, lengths?: Indices): Encoded {
    const [memory, last] = this.encoder.forward(source, null, { lengths });
    if (this.bridges.length === 0) return { memory, lengths, last };
    const bridged = mapState(last, (part, which) => this.bridges[which].forward(joinDirections(part)));
    return { memory, lengths, last: bridged };
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
    return { stepper: this.decoder.stepper(), state, ids: sources.map(() => BOS) };
  }
}

/** Options of a decoder, by whose names an error calls them. */
export type OptionName = "attention" | "contextInput" | "inputFeeding" | "conditional" | "numLayers" | "bidirectional";

/**
 * Throws `RangeError` on options of a decoder that do not go together. It begins with `op`, and calls an option what
 * `nameOf` says.
 */
export function checkDecoder(
  config: Omit<Seq2SeqConfig, "inputSize" | "outputSize" | "hiddenSize">,
  op = "Seq2Seq",
  nameOf = (name: OptionName): string => name,
): void {
  const { attention = "none", bidirectional = false, numLayers = 1 } = config;
  const { contextInput = false, inputFeeding = false, conditional = false } = config;
  const fail = (expected: string, got: string): never => {
    throw new RangeError(`${op}: expected ${expected}, got ${got}`);
  };
  const name = nameOf("attention");
  if (attention === "none") {
    if (inputFeeding) fail(`${name} dot, general or additive with ${nameOf("inputFeeding")}`, "none");
    if (conditional) fail(`${name} dot, general or additive with ${nameOf("conditional")}`, "none");
    return;
  }
  if (contextInput) fail(`${name} none with ${nameOf("contextInput")}`, attention);
  if (inputFeeding && conditional) fail(`either ${nameOf("inputFeeding")} or ${nameOf("conditional")}`, "both");
  if (conditional && numLayers > 1) fail(`${nameOf("numLayers")} 1 with ${nameOf("conditional")}`, String(numLayers));
  if (attention === "dot" && bidirectional) {
    fail(`${name} dot without ${nameOf("bidirectional")}, as it compares states and memory of one width`, "both");
  }
}

/** The decoder that a config asks for. */
function makeDecoder(config: Required<Seq2SeqConfig>, generator: Generator | undefined): Decoder | AttendingDecoder {
  const { hiddenSize, outputSize, cell, numLayers, bidirectional, dropout, attention } = config;
  checkDecoder(config);
  const shared = { cell, numLayers, dropout, generator };
  if (attention === "none")
    return new Decoder(hiddenSize, outputSize, { ...shared, contextInput: config.contextInput });
  const Kind = config.inputFeeding ? FeedingDecoder : config.conditional ? ConditionalDecoder : AttentionDecoder;
  const memorySize = bidirectional ? 2 * hiddenSize : hiddenSize;
  return new Kind(hiddenSize, memorySize, outputSize, { ...shared, attention });
}

/** [layers · 2, B, H] → [layers, B, 2H]: both directions of a layer side by side. */
function joinDirections(state: Tensor): Tensor {
  const [rows, batch, hidden] = state.shape;
  const parts = Array.from({ length: rows }, (_, i) => reshape(slice(state, 0, i, i + 1), [batch, hidden]));
  return stack(Array.from({ length: rows / 2 }, (_, layer) => concat(parts.slice(2 * layer, 2 * layer + 2), -1)));
}

/** Numbers that a model has in any case, whatever its cell. */
export function leastSize({ inputSize, outputSize, hiddenSize, numLayers = 1 }: Seq2SeqConfig): number {
  return hiddenSize * (inputSize + outputSize + 2 * numLayers * hiddenSize);
}

/**
 * Throws `RangeError` when a model would be many times as large as the weights that there are for it: a broken size could
 * take all memory.
 */
export function checkSize(config: Seq2SeqConfig, tensors: Readonly<Record<string, Tensor>>): void {
  const present = Object.values(tensors).reduce((total, { shape }) => total + numel(shape), 0);
  const needed = leastSize(config);
  if (needed <= 100 * present + 1e6) return;
  throw new RangeError(`expected a model of about the ${present} numbers in model.safetensors, got one of ${needed}`);
}
