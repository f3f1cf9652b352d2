import { concat, dropout, tanh } from "../../autograd/ops/index.js";
import { AdditiveAttention, type Attention, DotAttention, GeneralAttention } from "../../nn/attention.js";
import { Cached } from "../../nn/cached.js";
import { Embedding } from "../../nn/embedding.js";
import { Linear } from "../../nn/linear.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import type { Indices } from "../../tensor/intTensor.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { PackedAttentionDecoder } from "./packedAttentionDecoder.js";
import { type CellKind, type RecurrentLayer, recurrentLayer } from "./recurrentLayer.js";
import { type AttentionState, selectColumns, selectRows } from "./state.js";
import type { Stepper } from "./stepper.js";
import { type Encoded, TokenDecoder } from "./tokenDecoder.js";
import { asSequence } from "./tokenIds.js";

/** How a decoder's state is held against what the encoder read. */
export type AttentionKind = "dot" | "general" | "additive";

export interface AttentionDecoderOptions {
  /** Default "general". */
  readonly attention?: AttentionKind;
  /** Default "gru". The layer is registered under this name. */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** On the embedded tokens, between layers and on the features, while training. Default 0. */
  readonly dropout?: number;
  readonly generator?: Generator;
}

/**
 * Predicts each next token from the one before, a state, and what of the source that state looks at: embedding, a
 * recurrent layer, attention over the encoder's outputs, and both together through a layer `combine`,
 * f = tanh(W·[context; h] + b), then a linear layer `out`.  (Luong et al., 2015, section 3)
 *
 * Nothing feeds back from the attention into the state, so that the attention over all target steps is one product.
 *
 * @example
 * const decoder = new AttentionDecoder(64, 128, 1200, { attention: "additive" });
 * const state = decoder.start(encoded, 3);
 * const [features, next] = decoder.features(ids, state); // [T, 3] → [T, 3, 64]
 */
export class AttentionDecoder extends TokenDecoder<AttentionState> {
  readonly embedding: Embedding;
  readonly layer: RecurrentLayer;
  readonly attention: Attention;
  readonly combine: Linear;
  readonly out: Linear;
  readonly outputSize: number;
  readonly dropout: number;
  readonly #generator: Generator | undefined;
  readonly #packed: Cached<PackedAttentionDecoder>;

  /** `memorySize` is E, the width of the encoder's outputs. */
  constructor(hiddenSize: number, memorySize: number, outputSize: number, options: AttentionDecoderOptions = {}) {
    super();
    const { attention = "general", cell = "gru", numLayers, dropout: p = 0, generator } = options;
    this.embedding = this.registerModule("embedding", new Embedding(outputSize, hiddenSize, { generator }));
    this.layer = recurrentLayer(cell, hiddenSize, hiddenSize, { numLayers, dropout: p, generator });
    this.registerModule(cell, this.layer.module);
    this.attention = this.registerModule("attention", makeAttention(attention, hiddenSize, memorySize, generator));
    this.combine = this.registerModule("combine", new Linear(memorySize + hiddenSize, hiddenSize, { generator }));
    this.out = this.registerModule("out", new Linear(hiddenSize, outputSize, { generator }));
    this.outputSize = outputSize;
    this.dropout = p;
    this.#generator = generator;
    this.#packed = new Cached(this.parameters(), () => new PackedAttentionDecoder(this));
  }

  /** Begins with what the encoder ended with. Throws `TypeError` without a source: there is nothing to look at. */
  start(encoded: Encoded | null): AttentionState {
    if (!encoded) throw new TypeError("AttentionDecoder: expected an encoded source, got none");
    const keys = this.attention.keys(encoded.memory, encoded.lengths);
    return { hidden: encoded.last, keys, columns: undefined };
  }

  features(input: Indices, state: AttentionState, options: SequenceOptions = {}): [Tensor, AttentionState] {
    const embedded = this.#dropped(this.embedding.forward(asSequence("AttentionDecoder", input))); // [T, B, H]
    const [h, hidden] = this.layer.forward(embedded, state.hidden, options);
    const [context] = this.attention.forward(h, state.keys, state.columns); // [T, B, E]
    const features = tanh(this.combine.forward(concat([context, h], -1)));
    return [this.#dropped(features), { ...state, hidden }];
  }

  logits(features: Tensor): Tensor {
    return this.out.forward(features);
  }

  select(state: AttentionState, rows: readonly number[]): AttentionState {
    return { ...state, hidden: selectRows(state.hidden, rows), columns: selectColumns(state.columns, rows) };
  }

  /** Steps over weights packed once, with the bits of `features` and `logits`. */
  override stepper(): Stepper<AttentionState> {
    return this.#packed.get();
  }

  #dropped(x: Tensor): Tensor {
    return dropout(x, this.dropout, { training: this.training, generator: this.#generator });
  }
}

/** Throws `TypeError` on another kind, and `RangeError` where "dot" is asked to compare different widths. */
export function makeAttention(
  kind: AttentionKind,
  hiddenSize: number,
  memorySize: number,
  generator: Generator | undefined,
): Attention {
  if (kind === "general") return new GeneralAttention(hiddenSize, memorySize, { generator });
  if (kind === "additive") return new AdditiveAttention(hiddenSize, memorySize, hiddenSize, { generator });
  if (kind !== "dot") {
    throw new TypeError(`attention: expected "dot", "general" or "additive", got ${JSON.stringify(kind)}`);
  }
  if (hiddenSize !== memorySize) {
    const got = `${hiddenSize} and ${memorySize}`;
    throw new RangeError(
      `attention: expected one width of states and memory for "dot", got ${got}; "general" fits both`,
    );
  }
  return new DotAttention();
}
