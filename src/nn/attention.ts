import { type Attended, additiveAttention, dotAttention, reshape } from "../autograd/ops/index.js";
import { checkOptions, type OptionTable } from "../options.js";
import { checkTensors, dtypeOption } from "../tensor/checks.js";
import { type Indices, intTensor } from "../tensor/intTensor.js";
import { Generator, generatorOption } from "../tensor/random.js";
import type { DType } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";

/** What an attention looks at, made once for a batch of sources. */
export interface AttentionKeys {
  /** [S, B, D], what a query is compared with. */
  readonly keys: Tensor;
  /** [S, B, E], what is mixed. */
  readonly values: Tensor;
  /** [B]; undefined where nothing is padded. */
  readonly lengths: Int32Array | undefined;
}

export interface AttentionModuleOptions {
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<AttentionModuleOptions> = { dtype: dtypeOption, generator: generatorOption };

/**
 * Attention over a padded memory, such as an encoder's outputs: weights by softmax over the scores of a sentence's real
 * places (exactly 0 past its end), and the memory mixed by them. The kinds differ in how a query is scored.
 */
export abstract class Attention extends Module {
  /** memory [S, B, E], how long each sentence is (default: all S) → what every query of these sources looks at. */
  keys(memory: Tensor, lengths?: Indices): AttentionKeys {
    checkTensors(this.constructor.name, memory);
    return {
      keys: this.projected(memory),
      values: memory,
      lengths: lengths === undefined ? undefined : intTensor(lengths).data.slice(),
    };
  }

  /** memory [S, B, E] → [S, B, D] */
  protected abstract projected(memory: Tensor): Tensor;

  /**
   * query [T, R, H] → [context [T, R, E], weights [T, R, S]]. Row r looks at sentence `columns[r]`, by default r.
   * Throws `RangeError` on shapes, lengths or columns that do not fit, and on columns where a gradient is wanted.
   */
  abstract forward(query: Tensor, keys: AttentionKeys, columns?: Int32Array): [context: Tensor, weights: Tensor];

  /** The same for an op that attends at each of its steps, `inputFeeding` or `conditional`, which knows the kinds below. */
  attended(_keys: AttentionKeys, _columns?: Int32Array): Attended {
    throw new TypeError(`${this.constructor.name}: expected dot, general or additive attention inside a step`);
  }

  /** The same as it is now, whatever becomes of its weights: with copies of those that a query meets. */
  frozen(): Attention {
    return this;
  }

  /** [D, H], what such an op multiplies a query by; undefined where it is compared as it is. */
  get queryWeight(): Tensor | undefined {
    return undefined;
  }
}

/** score = query · key */
abstract class ProductAttention extends Attention {
  forward(query: Tensor, { keys, values, lengths }: AttentionKeys, columns?: Int32Array): [Tensor, Tensor] {
    return dotAttention(query, keys, values, { lengths, columns });
  }

  override attended(keys: AttentionKeys, columns?: Int32Array): Attended {
    return { ...keys, columns };
  }
}

/**
 * score = query · memory, which are of one width.  (Luong et al., 2015, equation 7, "dot")
 *
 * @example
 * const attention = new DotAttention();
 * const keys = attention.keys(memory, [5, 3]); // [5, 2, 8]
 * const [context, weights] = attention.forward(randn([7, 2, 8]), keys); // [7, 2, 8] and [7, 2, 5]
 */
export class DotAttention extends ProductAttention {
  protected projected(memory: Tensor): Tensor {
    return memory;
  }
}

/**
 * score = query · W·memory.  (Luong et al., 2015, equation 7, "general")
 * Parameter `key.weight` [querySize, memorySize] starts as that of a {@link Linear}.
 */
export class GeneralAttention extends ProductAttention {
  readonly key: Linear;

  /** Throws `RangeError` on a size below 1. */
  constructor(querySize: number, memorySize: number, options: AttentionModuleOptions = {}) {
    super();
    checkOptions("GeneralAttention", OPTIONS, options);
    this.key = this.registerModule("key", new Linear(memorySize, querySize, { ...options, bias: false }));
  }

  protected projected(memory: Tensor): Tensor {
    return this.key.forward(memory);
  }
}

/**
 * score = v · tanh(W·query + U·memory + b).  (Bahdanau et al., 2015)
 * Parameters `query.weight` [A, querySize], `key.weight` [A, memorySize], `key.bias` [A] and `score.weight` [1, A] start as
 * those of a {@link Linear}.
 */
export class AdditiveAttention extends Attention {
  readonly query: Linear;
  readonly key: Linear;
  readonly score: Linear;

  /** Throws `RangeError` on a size below 1. */
  constructor(
    querySize: number,
    memorySize: number,
    attentionSize: number = querySize,
    options: AttentionModuleOptions = {},
  ) {
    super();
    checkOptions("AdditiveAttention", OPTIONS, options);
    this.query = this.registerModule("query", new Linear(querySize, attentionSize, { ...options, bias: false }));
    this.key = this.registerModule("key", new Linear(memorySize, attentionSize, options));
    this.score = this.registerModule("score", new Linear(attentionSize, 1, { ...options, bias: false }));
  }

  protected projected(memory: Tensor): Tensor {
    return this.key.forward(memory);
  }

  override frozen(): Attention {
    const { query, key, score } = this;
    const options = { dtype: score.weight.dtype, generator: new Generator(0) }; // whose numbers are overwritten
    const copy = new AdditiveAttention(query.inFeatures, key.inFeatures, key.outFeatures, options);
    copy.loadStateDict(this.stateDict());
    return copy;
  }

  override get queryWeight(): Tensor {
    return this.query.weight;
  }

  override attended(keys: AttentionKeys, columns?: Int32Array): Attended {
    return { ...keys, columns, additive: { query: this.query.weight, v: this.#v() } };
  }

  forward(query: Tensor, { keys, values, lengths }: AttentionKeys, columns?: Int32Array): [Tensor, Tensor] {
    return additiveAttention(this.query.forward(query), keys, this.#v(), values, { lengths, columns });
  }

  /** [A] */
  #v(): Tensor {
    return reshape(this.score.weight, [this.score.inFeatures]);
  }
}
