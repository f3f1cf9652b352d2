import { embedding } from "../autograd/ops/index.js";
import { anything, checkOptions, type OptionTable } from "../options.js";
import { show } from "../show.js";
import { dtypeOption } from "../tensor/checks.js";
import { zeros } from "../tensor/create.js";
import type { Indices } from "../tensor/intTensor.js";
import { type Generator, generatorOption } from "../tensor/random.js";
import type { DType } from "../tensor/storage.js";
import { type Tensor, writableFloats } from "../tensor/tensor.js";
import { normal } from "./init.js";
import { checkSizes, Module } from "./module.js";
import { changed } from "./repr.js";

export interface EmbeddingModuleOptions {
  /** This id's row starts at zero and receives no gradient. */
  readonly paddingIdx?: number;
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<EmbeddingModuleOptions> = {
  paddingIdx: anything(),
  dtype: dtypeOption,
  generator: generatorOption,
};

/**
 * A table of vectors, one for each id; `weight` [numEmbeddings, embeddingDim] starts standard normal.
 *
 * @example
 * new Embedding(100, 8).forward([[1, 2, 3]]).shape; // [1, 3, 8]
 */
export class Embedding extends Module {
  readonly weight: Tensor;
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | undefined;

  /** Throws `RangeError` on a size below 1, and when `paddingIdx` is no id of the table. */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingModuleOptions = {}) {
    super();
    checkOptions("Embedding", OPTIONS, options);
    const { paddingIdx, dtype, generator } = options;
    checkSizes("Embedding", { numEmbeddings, embeddingDim });
    if (paddingIdx !== undefined && !(Number.isInteger(paddingIdx) && paddingIdx >= 0 && paddingIdx < numEmbeddings)) {
      throw new RangeError(`Embedding: expected paddingIdx from 0 to ${numEmbeddings - 1}, got ${show(paddingIdx)}`);
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx;
    const weight = zeros([numEmbeddings, embeddingDim], { dtype, lifetime: "persistent" });
    this.weight = this.registerParameter("weight", normal(weight, 0, 1, generator));
    if (paddingIdx !== undefined)
      writableFloats(weight).fill(0, paddingIdx * embeddingDim, (paddingIdx + 1) * embeddingDim);
  }

  /** ids of any shape → [...ids.shape, embeddingDim]. Throws `RangeError` on an id outside the table. */
  forward(ids: Indices): Tensor {
    return embedding(ids, this.weight, { paddingIdx: this.paddingIdx });
  }

  protected override extraRepr(): string {
    return [this.numEmbeddings, this.embeddingDim, ...changed({ paddingIdx: this.paddingIdx }, {})].join(", ");
  }
}
