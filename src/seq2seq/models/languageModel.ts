import { concat, crossEntropy, reshape } from "../../autograd/ops/index.js";
import { checkOptions, flag, fraction, integer, type OptionTable, oneOf } from "../../options.js";
import { show } from "../../show.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { scope } from "../../tensor/scope.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { isList } from "../data/batch.js";
import { BOS } from "../text/vocabulary.js";
import { completed, isConfig } from "./config.js";
import { Decoder } from "./decoder.js";
import type { CellKind } from "./recurrentLayer.js";
import { modelOptions, type Seq2SeqOptions } from "./seq2seq.js";
import { carried, type DecoderState, mapState, stateParts } from "./state.js";
import type { Beginning, Searchable } from "./stepper.js";
import { asSequence } from "./tokenIds.js";

/** Everything needed to build a language model again. */
export interface LanguageModelConfig {
  /** Size of the vocabulary. */
  readonly outputSize: number;
  /** Width of states. */
  readonly hiddenSize: number;
  /** Width of embeddings; with `tied`, that of states. Default: that of states. */
  readonly embeddingSize?: number;
  /** Default "gru". */
  readonly cell?: CellKind;
  /** Default 1. */
  readonly numLayers?: number;
  /** Whether the products inside the recurrent steps are normalised (Ba, Kiros and Hinton, 2016). */
  readonly layerNorm?: boolean;
  /** Whether every recurrent layer but the lowest adds what it reads to its output. */
  readonly residual?: boolean;
  /** While training, between layers, and where the next two are missing (Zaremba et al., 2014). Default 0. */
  readonly dropout?: number;
  /** On embedded tokens. Default: `dropout`. */
  readonly embeddingDropout?: number;
  /** On the features before the output layer. Default: `dropout`. */
  readonly outputDropout?: number;
  /** How likely a whole token is left out (Gal and Ghahramani, 2016). Default 0. */
  readonly wordDropout?: number;
  /** Whether the embedding is the output layer's weight, too (Press and Wolf, 2017). */
  readonly tied?: boolean;
}

const CONFIG: OptionTable<LanguageModelConfig> = {
  outputSize: integer(1),
  hiddenSize: integer(1),
  embeddingSize: integer(1),
  cell: oneOf(["rnn", "gru", "lstm"], "gru"),
  numLayers: integer(1, 1),
  layerNorm: flag(false),
  residual: flag(false),
  dropout: fraction(0),
  embeddingDropout: fraction(),
  outputDropout: fraction(),
  wordDropout: fraction(0),
  tied: flag(false),
};

/** The config with every default. Throws `TypeError` on a name that there is not, `RangeError` on a value out of range. */
export function completeLanguageConfig(config: LanguageModelConfig): Required<LanguageModelConfig> {
  return completed("LanguageModel", CONFIG, config, ({ hiddenSize, dropout }) => ({
    ...{ embeddingSize: hiddenSize, embeddingDropout: dropout, outputDropout: dropout },
  }));
}

/** Whether something is a config of a language model of imaginable size. */
export function isLanguageConfig(value: unknown): value is LanguageModelConfig {
  return isConfig(CONFIG, ["outputSize", "hiddenSize", "numLayers", "cell", "dropout"], value);
}

/**
 * Throws `RangeError` on options of a language model that do not go together. It begins with `op`, and calls an option what
 * `nameOf` says.
 */
export function checkLanguageModel(
  config: Partial<LanguageModelConfig>,
  op = "LanguageModel",
  nameOf = (name: keyof LanguageModelConfig): string => name,
): void {
  const { hiddenSize, embeddingSize = hiddenSize, tied = false, residual = false, numLayers = 1 } = config;
  if (tied && embeddingSize !== hiddenSize) {
    const expected = `${nameOf("embeddingSize")} ${hiddenSize} with ${nameOf("tied")}, as the output layer reads states`;
    throw new RangeError(`${op}: expected ${expected}, got ${embeddingSize}`);
  }
  if (residual && numLayers === 1) {
    throw new RangeError(`${op}: expected ${nameOf("numLayers")} 2 or more with ${nameOf("residual")}, got 1`);
  }
}

/** What a piece of text costs, and where the model stands after it. */
export interface LanguageModelLoss {
  /** Mean cross-entropy of all tokens, in nats. */
  readonly loss: Tensor;
  /** Without history, and kept beyond the running `scope`. */
  readonly state: DecoderState;
}

/**
 * Predicts each next token of a text from all before it: a decoder without a source. Embedding, recurrent layers, a linear
 * layer `out`.  (Mikolov et al., 2010)
 *
 * @example
 * const model = new LanguageModel({ outputSize: 99, hiddenSize: 256 });
 * let state: DecoderState | null = null;
 * for (const { input, target } of pieces) { // [T, B] each, one piece going on where the last one ended
 *   const piece = model.loss(input, target, state);
 *   piece.loss.backward();
 *   state = piece.state;
 * }
 * sampleSearch(model, [[17, 4, 52]], { temperature: 0.8, maxLength: 100 }); // goes on with a text
 */
export class LanguageModel extends Decoder implements Searchable {
  readonly config: Required<LanguageModelConfig>;

  constructor(config: LanguageModelConfig, options: Seq2SeqOptions = {}) {
    const complete = completeLanguageConfig(config);
    checkOptions("LanguageModel", modelOptions, options);
    checkLanguageModel(complete);
    const { hiddenSize, outputSize, ...rest } = complete;
    super(hiddenSize, outputSize, { ...rest, relu: false, generator: options.generator });
    this.config = complete;
  }

  /**
   * A piece of each of B texts, as truncated backpropagation through time takes them (Williams and Peng, 1990): input [T, B],
   * target [T, B] (what follows each token), the state after the piece before (default: none) → their loss, and the state to
   * go on with. No gradient flows into the piece before. Throws `RangeError` on shapes that differ, and on a state of
   * another size.
   */
  loss(input: Indices, target: Indices, state?: DecoderState | null): LanguageModelLoss {
    const op = "LanguageModel.loss";
    const [ids, wanted] = [asSequence(op, input), asSequence(op, target)];
    if (!sameShape(ids.shape, wanted.shape)) {
      throw new RangeError(`${op}: expected a target ${formatShape(ids.shape)}, got ${formatShape(wanted.shape)}`);
    }
    const first = state ?? this.start(null, ids.shape[1]);
    const hidden = mapState(first.hidden, (part) => part.detach());
    const [features, next] = this.features(ids, { ...first, hidden });
    const logits = this.logits(reshape(features, [-1, features.shape[2]])); // [T · B, outputSize]
    return { loss: crossEntropy(logits, wanted.data), state: { hidden: carried(next.hidden), context: null } };
  }

  /**
   * Where a search goes on with given texts: each row has read all of its own but the last token, which it reads first; BOS
   * where it is empty.
   */
  begin(contexts: readonly ArrayLike<number>[]): Beginning<DecoderState> {
    const strange = contexts.findIndex((context) => !isList(context));
    if (strange >= 0) {
      const got = `${show(contexts[strange])} at ${strange}`;
      throw new TypeError(`LanguageModel.begin: expected contexts of token ids, got ${got}`);
    }
    const ids = contexts.map((context) => (context.length > 0 ? context[context.length - 1] : BOS));
    return { stepper: this.stepper(), state: scope(() => this.#read(contexts)), ids };
  }

  /** The state of each context before its last token. */
  #read(contexts: readonly ArrayLike<number>[]): DecoderState {
    const B = contexts.length;
    const begun = contexts.flatMap((context, b) => (context.length > 1 ? [b] : []));
    const start = this.start(null, B);
    if (begun.length === 0) return start;
    const lengths = Int32Array.from(begun, (b) => contexts[b].length - 1);
    const steps = lengths.reduce((longest, length) => Math.max(longest, length));
    const rows = Array.from({ length: steps }, (_, t) => begun.map((b, i) => (t < lengths[i] ? contexts[b][t] : 0)));
    const [, read] = this.features(intTensor(rows), this.start(null, begun.length), { lengths });
    // All rows that have begun, behind all as they start: each is picked from where it stands.
    const hidden = mapState(start.hidden, (part, which) => concat([part, stateParts(read.hidden)[which]], 1));
    const places = contexts.map((_, b) => (begun.includes(b) ? B + begun.indexOf(b) : b));
    return this.select({ hidden, context: null }, places);
  }
}
