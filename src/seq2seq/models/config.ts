import {
  checkOptions,
  flag,
  fraction,
  integer,
  type Option,
  type OptionTable,
  oneOf,
  readOptions,
} from "../../options.js";
import type { AttentionKind } from "./attendingDecoder.js";
import type { CellKind } from "./recurrentLayer.js";

/** Everything needed to build a model again; saved in a model folder's `config.json`. */
export interface Seq2SeqConfig {
  /** Sizes of the two vocabularies. */
  readonly inputSize: number;
  readonly outputSize: number;
  /** Width of states. */
  readonly hiddenSize: number;
  /** Width of embeddings. Default: that of states. */
  readonly embeddingSize?: number;
  /** Default "gru". */
  readonly cell?: CellKind;
  /** Layers of encoder and of decoder. Default 1. */
  readonly numLayers?: number;
  /** Whether the encoder reads in both directions. */
  readonly bidirectional?: boolean;
  /** Whether the products inside the recurrent steps are normalised (Ba, Kiros and Hinton, 2016). */
  readonly layerNorm?: boolean;
  /** Whether every recurrent layer but the lowest adds what it reads to its output. */
  readonly residual?: boolean;
  /** While training, between layers, and where the next two are missing. Default 0. */
  readonly dropout?: number;
  /** On embedded tokens. Default: `dropout`. */
  readonly embeddingDropout?: number;
  /** On the features before the output layer. Default: `dropout` with attention, 0 without. */
  readonly outputDropout?: number;
  /** On the encoder's outputs, which attention mixes into contexts. Default 0. */
  readonly contextDropout?: number;
  /** How likely a whole token is left out, on either side (Gal and Ghahramani, 2016). Default 0. */
  readonly wordDropout?: number;
  /**
   * What the decoder begins with: the encoder's last states ("last", the default), or tanh(W·m + b), m being the mean of
   * its outputs ("mean").
   */
  readonly initialState?: "last" | "mean";
  /**
   * Which tables are one (Press and Wolf, 2017): the decoder's embedding and its output layer's weight ("decoder"), the
   * encoder's embedding too ("all", which takes one vocabulary), or none ("none", the default).
   */
  readonly tied?: "none" | "decoder" | "all";
  /** How the decoder looks at the source; by default "none": all it has is the encoder's last state. */
  readonly attention?: AttentionKind | "none";
  /** Without attention: whether every step of the decoder reads the context (Cho et al., 2014), or it only begins with it. */
  readonly contextInput?: boolean;
  /** With attention: whether the decoder reads what it last made of the source (Luong et al., 2015, section 3.3). */
  readonly inputFeeding?: boolean;
  /** With attention: whether it stands inside the step, between two cells (Sennrich et al., 2017: conditional GRU). */
  readonly conditional?: boolean;
  /** With attention: whether the source's words lead straight to the output, too (Nguyen and Chiang, 2018). */
  readonly lexical?: boolean;
}

export const CONFIG: OptionTable<Seq2SeqConfig> = {
  inputSize: integer(1),
  outputSize: integer(1),
  hiddenSize: integer(1),
  embeddingSize: integer(1),
  cell: oneOf(["rnn", "gru", "lstm"], "gru"),
  numLayers: integer(1, 1),
  bidirectional: flag(false),
  layerNorm: flag(false),
  residual: flag(false),
  dropout: fraction(0),
  embeddingDropout: fraction(),
  outputDropout: fraction(),
  contextDropout: fraction(0),
  wordDropout: fraction(0),
  initialState: oneOf(["last", "mean"], "last"),
  tied: oneOf(["none", "decoder", "all"], "none"),
  attention: oneOf(["none", "dot", "general", "additive"], "none"),
  contextInput: flag(false),
  inputFeeding: flag(false),
  conditional: flag(false),
  lexical: flag(false),
};

/** What a config says of a model, but for its sizes. */
export type ModelOptions = Omit<Seq2SeqConfig, "inputSize" | "outputSize" | "hiddenSize">;

/** The config with every default. Throws `TypeError` on a name that there is not, `RangeError` on a value out of range. */
export function completeConfig(config: Seq2SeqConfig): Required<Seq2SeqConfig> {
  return completed("Seq2Seq", CONFIG, config, inferred);
}

/** The defaults that depend on other options. */
export function inferred(config: {
  readonly hiddenSize: number;
  readonly dropout: number;
  readonly attention?: AttentionKind | "none";
}) {
  const { hiddenSize, dropout, attention = "none" } = config;
  const outputDropout = attention === "none" ? 0 : dropout;
  return { embeddingSize: hiddenSize, embeddingDropout: dropout, outputDropout };
}

/**
 * A config with the defaults of its table and `derived` ones, which depend on what it says. In the order of the table,
 * whatever was given first. Throws as {@link completeConfig} does.
 */
export function completed<C extends object>(
  op: string,
  table: OptionTable<C>,
  config: C,
  derived: (config: C & { readonly dropout: number }) => Partial<C>,
): Required<C> {
  checkOptions(op, table, config);
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) as C;
  return readOptions(op, table, { ...derived({ dropout: 0, ...given }), ...given }) as Required<C>;
}

/** Whether something is a config of a model of imaginable size. */
export function isModelConfig(value: unknown): value is Seq2SeqConfig {
  return isConfig(CONFIG, ["inputSize", "outputSize", "hiddenSize", "numLayers", "cell", "dropout"], value);
}

/** Whether something is a config by this table, of imaginable size, in which none of the `required` is missing. */
export function isConfig<C extends object>(
  table: OptionTable<C>,
  required: readonly (keyof C & string)[],
  value: unknown,
): value is C {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Readonly<Record<string, unknown>>;
  const accepts = ([name, option]: [string, Option<unknown>]): boolean => {
    const own = given[name];
    if (own === undefined) return !required.some((each) => each === name);
    return option.accepts(own) && !(typeof own === "number" && own > 1e7);
  };
  return Object.entries<Option<unknown>>(table).every(accepts);
}

/**
 * Throws `RangeError` on options of a model that do not go together. It begins with `op`, and calls an option what
 * `nameOf` says.
 */
export function checkModel(
  config: ModelOptions & Partial<Pick<Seq2SeqConfig, "inputSize" | "outputSize" | "hiddenSize">>,
  op = "Seq2Seq",
  nameOf = (name: keyof ModelOptions): string => name,
): void {
  const { attention = "none", bidirectional = false, numLayers = 1, tied = "none", hiddenSize } = config;
  const { contextInput = false, inputFeeding = false, conditional = false, embeddingSize = hiddenSize } = config;
  const { residual = false, initialState = "last", lexical = false, contextDropout = 0 } = config;
  const fail = (expected: string, got: string): never => {
    throw new RangeError(`${op}: expected ${expected}, got ${got}`);
  };
  const { inputSize, outputSize } = config;
  if (tied === "all" && inputSize !== outputSize) {
    fail(`one vocabulary of both sides with ${nameOf("tied")} all`, `${inputSize} and ${outputSize} tokens`);
  }
  if (residual && numLayers === 1) fail(`${nameOf("numLayers")} 2 or more with ${nameOf("residual")}`, "1");
  const name = nameOf("attention");
  if (attention === "none") {
    for (const [option, isSet] of Object.entries({ inputFeeding, conditional, lexical })) {
      if (isSet) fail(`${name} dot, general or additive with ${nameOf(option as keyof ModelOptions)}`, "none");
    }
    if (contextDropout > 0 && initialState === "last") {
      fail(`${name} dot, general or additive with ${nameOf("contextDropout")}`, "none");
    }
    if (tied !== "none" && embeddingSize !== hiddenSize) {
      const why = `without attention, as the output layer reads states`;
      fail(`${nameOf("embeddingSize")} ${hiddenSize} with ${nameOf("tied")} ${why}`, String(embeddingSize));
    }
    return;
  }
  if (contextInput) fail(`${name} none with ${nameOf("contextInput")}`, attention);
  if (inputFeeding && conditional) fail(`either ${nameOf("inputFeeding")} or ${nameOf("conditional")}`, "both");
  if (attention === "dot" && bidirectional) {
    fail(`${name} dot without ${nameOf("bidirectional")}, as it compares states and memory of one width`, "both");
  }
}

/** The sizes of a model of any kind. */
export interface Sizes {
  readonly inputSize?: number;
  readonly outputSize?: number;
  readonly hiddenSize: number;
  readonly numLayers?: number;
  readonly embeddingSize?: number;
  readonly tied?: unknown;
}

/** Numbers that a model has in any case, whatever its cell. */
export function leastSize(sizes: Sizes): number {
  const { inputSize = 0, outputSize = 0, hiddenSize, numLayers = 1, embeddingSize = hiddenSize, tied } = sizes;
  const tables = (tied === "all" ? 0 : inputSize) + outputSize;
  return embeddingSize * tables + 2 * numLayers * hiddenSize ** 2;
}
