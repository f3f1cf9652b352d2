import { add, concat, dropout, slice } from "../../autograd/ops/index.js";
import { AdditiveAttention, type Attention, DotAttention, GeneralAttention } from "../../nn/attention.js";
import type { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import type { RecurrentModuleOptions, SequenceOptions } from "../../nn/recurrentBase.js";
import { checkOptions, flag, fraction, integer, type OptionTable, oneOf } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { LexicalModel } from "./lexical.js";
import { type CellKind, cellOption } from "./recurrentLayer.js";
import { type AttentionState, selectAttention } from "./state.js";
import { type Stepper, unchanging } from "./stepper.js";
import { decoderEmbedding, decoderOutput, type TableOptions, tableOptions } from "./tables.js";
import { type Encoded, TokenDecoder } from "./tokenDecoder.js";
import { dropTokens, type TokenDropout } from "./tokenDropout.js";
import { asRow, asSequence } from "./tokenIds.js";

/** How a decoder's state is held against what the encoder read. */
export type AttentionKind = "dot" | "general" | "additive";

export interface AttentionDecoderOptions extends TableOptions {
  /** Default "additive". */
  readonly attention?: AttentionKind;
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** As in {@link RecurrentModuleOptions}. Default false. */
  readonly layerNorm?: boolean;
  readonly residual?: boolean;
  /** Width of the embedding, and with `tied` of the features. Default: hiddenSize. */
  readonly embeddingSize?: number;
  /** Between layers, and where the next two are missing, while training. Default 0. */
  readonly dropout?: number;
  /** On the embedded tokens. Default: `dropout`. */
  readonly embeddingDropout?: number;
  /** On the features before the output layer. Default: `dropout`. */
  readonly outputDropout?: number;
  /** How likely a whole token is left out, while training. Default 0. */
  readonly wordDropout?: number;
  /** The width of the source's embedding, for a {@link LexicalModel} beside; without it there is none. */
  readonly lexical?: number;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<AttentionDecoderOptions> = {
  attention: oneOf(["dot", "general", "additive"]),
  cell: cellOption,
  numLayers: integer(1),
  layerNorm: flag(),
  residual: flag(),
  embeddingSize: integer(1),
  dropout: fraction(),
  embeddingDropout: fraction(),
  outputDropout: fraction(),
  wordDropout: fraction(),
  lexical: integer(1),
  ...tableOptions,
  generator: generatorOption,
};

/** What a decoder with attention makes of some tokens. */
export interface Reading {
  /** [T, B, O] */
  readonly features: Tensor;
  /** [T, B, S]: how much of each place of its source each step looked at */
  readonly weights: Tensor;
  readonly state: AttentionState;
}

/**
 * What all decoders with attention share: embedding [outputSize, F], an `attention` over the encoder's outputs, a layer
 * `combine` that joins a state and its context, f = tanh(W·[context; h] + b), and a linear layer `out`. They differ in
 * what a step reads, and where in it the attention stands. Features are of width O: H, or F where `out` is `tied`.
 */
export abstract class AttendingDecoder extends TokenDecoder<AttentionState> {
  readonly embedding: Embedding;
  readonly attention: Attention;
  readonly combine: Linear;
  readonly out: Linear;
  readonly lexical: LexicalModel | null;
  readonly outputSize: number;
  protected readonly embeddingSize: number;
  protected readonly generator: Generator | undefined;
  readonly #dropout: TokenDropout & { readonly outputDropout: number };

  /** `memorySize` is E, the width of the encoder's outputs. */
  protected constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions) {
    super();
    checkOptions(new.target.name, OPTIONS, options);
    const { attention = "additive", embeddingSize = hiddenSize, tied = false, lexical, generator } = options;
    const { dropout = 0, embeddingDropout = dropout, outputDropout = dropout, wordDropout = 0 } = options;
    const embedding = decoderEmbedding(outputSize, embeddingSize, options, generator);
    const width = tied ? embeddingSize : hiddenSize;
    this.embedding = this.registerModule("embedding", embedding);
    this.attention = this.registerModule("attention", makeAttention(attention, hiddenSize, memorySize, generator));
    this.combine = this.registerModule("combine", new Linear(memorySize + hiddenSize, width, { generator }));
    this.out = this.registerModule("out", decoderOutput(embedding, width, options, generator));
    this.lexical = lexical
      ? this.registerModule("lexical", new LexicalModel(lexical, outputSize, { tied, generator }))
      : null;
    this.outputSize = outputSize;
    this.embeddingSize = embeddingSize;
    this.generator = generator;
    this.#dropout = { embeddingDropout, outputDropout, wordDropout, generator };
  }

  /**
   * Begins with what the encoder ended with. Throws `TypeError` without a source, as there is nothing to look at, and, with
   * a lexical model, without the source's words.
   */
  start(encoded: Encoded | null): AttentionState {
    const op = this.constructor.name;
    if (!encoded) throw new TypeError(`${op}: expected an encoded source, got none`);
    const { memory, lengths, last, embedded = null } = encoded;
    if (this.lexical && !embedded) throw new TypeError(`${op}: expected the source's embedded words, got none`);
    const words = this.lexical && embedded;
    return { hidden: last, keys: this.attention.keys(memory, lengths), words, columns: undefined, feature: null };
  }

  /** ids [], [T] or [T, B] → features as `combine` gives them, and where each step looked. */
  protected abstract read(input: Indices, state: AttentionState, options?: SequenceOptions): Reading;

  /** ids [], [T] or [T, B] → [features [T, B, O], or [T, B, O + F] with a lexical model that is not tied, the state after them]. */
  features(input: Indices, state: AttentionState, options: SequenceOptions = {}): [Tensor, AttentionState] {
    const { features, state: next } = this.#readWords(input, state, options);
    return [features, next];
  }

  /** The features with dropout and, beside them, what the lexical model makes of the weights. */
  #readWords(input: Indices, state: AttentionState, options?: SequenceOptions): Reading {
    const { features, weights, state: next } = this.read(input, state, options);
    const { training, lexical, generator } = this;
    const dropped = dropout(features, this.#dropout.outputDropout, { training, generator });
    if (!lexical || !state.words) return { features: dropped, weights, state: next };
    const ofWords = lexical.forward(weights, state.words, state.keys, state.columns);
    const joined = lexical.out ? concat([dropped, ofWords], -1) : add(dropped, ofWords);
    return { features: joined, weights, state: next };
  }

  logits(features: Tensor): Tensor {
    const { lexical } = this;
    if (!lexical?.out) return this.out.forward(features);
    const { inFeatures: width } = this.out;
    const ofWords = lexical.out.forward(slice(features, -1, width));
    return add(this.out.forward(slice(features, -1, 0, width)), ofWords);
  }

  override stepper(): Stepper<AttentionState> {
    return unchanging(this, {
      size: this.outputSize,
      step: (ids, state) => {
        const { features, weights, state: next } = this.#readWords(asRow(ids), state);
        return { logits: floatsOf(this.logits(features)), attention: floatsOf(weights), state: next };
      },
      select: selectAttention,
    });
  }

  select(state: AttentionState, rows: readonly number[]): AttentionState {
    return selectAttention(state, rows);
  }

  /** ids [], [T] or [T, B] → [T, B, F] */
  protected embedded(input: Indices): Tensor {
    const ids = asSequence(this.constructor.name, input);
    return dropTokens(this.embedding.forward(ids), this.#dropout, this.training);
  }
}

/** Throws `RangeError` where "dot" is asked to compare different widths. */
function makeAttention(
  kind: AttentionKind,
  hiddenSize: number,
  memorySize: number,
  generator: Generator | undefined,
): Attention {
  if (kind === "general") return new GeneralAttention(hiddenSize, memorySize, { generator });
  if (kind === "additive") return new AdditiveAttention(hiddenSize, memorySize, hiddenSize, { generator });
  if (hiddenSize !== memorySize) {
    const got = `${hiddenSize} and ${memorySize}`;
    throw new RangeError(
      `attention: expected one width of states and memory for "dot", got ${got}; "general" fits both`,
    );
  }
  return new DotAttention();
}
