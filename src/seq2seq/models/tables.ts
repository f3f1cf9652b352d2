import { Embedding } from "../../nn/embedding.js";
import { normal } from "../../nn/init.js";
import { Linear } from "../../nn/linear.js";
import { anything, flag } from "../../options.js";
import type { Generator } from "../../tensor/random.js";

/** How a decoder's table of tokens and its output layer belong together. */
export interface TableOptions {
  /** Whether the output layer's weight is the embedding.  (Press and Wolf, 2017) */
  readonly tied?: boolean;
  /** The encoder's embedding, to be the decoder's as well. Default: one of its own. */
  readonly embedding?: Embedding;
}

export const tableOptions = { tied: flag(), embedding: anything<Embedding>() } as const;

/** A decoder's embedding [outputSize, embeddingSize]: the one given, or a new one. */
export function decoderEmbedding(
  outputSize: number,
  embeddingSize: number,
  { tied = false, embedding }: TableOptions,
  generator: Generator | undefined,
): Embedding {
  const own = embedding ?? new Embedding(outputSize, embeddingSize, { generator });
  // An output layer of standard normal weights would begin all too sure of itself.
  if (tied) normal(own.weight, 0, embeddingSize ** -0.5, generator);
  return own;
}

/** A decoder's output layer over features of a width, which is that of the embedding where both are `tied`. */
export function decoderOutput(
  { weight, numEmbeddings }: Embedding,
  width: number,
  { tied = false }: TableOptions,
  generator: Generator | undefined,
): Linear {
  return new Linear(width, numEmbeddings, { generator, weight: tied ? weight : undefined });
}
