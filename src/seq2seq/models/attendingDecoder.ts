import { dropout } from "../../autograd/ops/index.js";
import { AdditiveAttention, type Attention, DotAttention, GeneralAttention } from "../../nn/attention.js";
import { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import { checkOptions, fraction, integer, type OptionTable, oneOf } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { type CellKind, cellOption } from "./recurrentLayer.js";
import { type AttentionState, selectAttention } from "./state.js";
import { type Stepper, unchanging } from "./stepper.js";
import { type Encoded, TokenDecoder } from "./tokenDecoder.js";
import { asRow, asSequence } from "./tokenIds.js";

/** How a decoder's state is held against what the encoder read. */
export type AttentionKind = "dot" | "general" | "additive";

export interface AttentionDecoderOptions {
  /** Default "additive". */
  readonly attention?: AttentionKind;
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** On the embedded tokens, between layers and on the features, while training. Default 0. */
  readonly dropout?: number;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<AttentionDecoderOptions> = {
  attention: oneOf(["dot", "general", "additive"]),
  cell: cellOption,
  numLayers: integer(1),
  dropout: fraction(),
  generator: generatorOption,
};

/** What a decoder with attention makes of some tokens. */
export interface Reading {
  /** [T, B, H] */
  readonly features: Tensor;
  /** [T, B, S]: how much of each place of its source each step looked at */
  readonly weights: Tensor;
  readonly state: AttentionState;
}

/**
 * What all decoders with attention share: embedding [outputSize, H], an `attention` over the encoder's outputs, a layer
 * `combine` that joins a state and its context, f = tanh(W·[context; h] + b), and a linear layer `out`. They differ in
 * what a step reads, and where in it the attention stands.
 */
export abstract class AttendingDecoder extends TokenDecoder<AttentionState> {
  readonly embedding: Embedding;
  readonly attention: Attention;
  readonly combine: Linear;
  readonly out: Linear;
  readonly outputSize: number;
  readonly dropout: number;
  protected readonly generator: Generator | undefined;

  /** `memorySize` is E, the width of the encoder's outputs. */
  protected constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions) {
    super();
    checkOptions(new.target.name, OPTIONS, options);
    const { attention = "additive", dropout: p = 0, generator } = options;
    this.embedding = this.registerModule("embedding", new Embedding(outputSize, hiddenSize, { generator }));
    this.attention = this.registerModule("attention", makeAttention(attention, hiddenSize, memorySize, generator));
    this.combine = this.registerModule("combine", new Linear(memorySize + hiddenSize, hiddenSize, { generator }));
    this.out = this.registerModule("out", new Linear(hiddenSize, outputSize, { generator }));
    this.outputSize = outputSize;
    this.dropout = p;
    this.generator = generator;
  }

  /** Begins with what the encoder ended with. Throws `TypeError` without a source: there is nothing to look at. */
  start(encoded: Encoded | null): AttentionState {
    if (!encoded) throw new TypeError(`${this.constructor.name}: expected an encoded source, got none`);
    const keys = this.attention.keys(encoded.memory, encoded.lengths);
    return { hidden: encoded.last, keys, columns: undefined, feature: null };
  }

  /** ids [], [T] or [T, B] → what `features` gives, and where each step looked. */
  protected abstract read(input: Indices, state: AttentionState, options?: SequenceOptions): Reading;

  features(input: Indices, state: AttentionState, options: SequenceOptions = {}): [Tensor, AttentionState] {
    const { features, state: next } = this.read(input, state, options);
    return [features, next];
  }

  logits(features: Tensor): Tensor {
    return this.out.forward(features);
  }

  override stepper(): Stepper<AttentionState> {
    return unchanging(this, {
      size: this.outputSize,
      step: (ids, state) => {
        const { features, weights, state: next } = this.read(asRow(ids), state);
        return { logits: floatsOf(this.logits(features)), attention: floatsOf(weights), state: next };
      },
      select: selectAttention,
    });
  }

  select(state: AttentionState, rows: readonly number[]): AttentionState {
    return selectAttention(state, rows);
  }

  /** ids [], [T] or [T, B] → [T, B, H] */
  protected embedded(input: Indices): Tensor {
    return this.dropped(this.embedding.forward(asSequence(this.constructor.name, input)));
  }

  protected dropped(x: Tensor): Tensor {
    return dropout(x, this.dropout, { training: this.training, generator: this.generator });
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
