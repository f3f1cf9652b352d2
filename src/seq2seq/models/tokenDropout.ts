import { dropout } from "../../autograd/ops/index.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What is left out of embedded tokens in training. */
export interface TokenDropout {
  /** How likely each number is left out. */
  readonly embeddingDropout: number;
  /** How likely each token is left out as a whole.  (Gal and Ghahramani, 2016; Sennrich and Zhang, 2019) */
  readonly wordDropout: number;
  readonly generator: Generator | undefined;
}

/** Embedded tokens [..., F] with some of them, and some numbers of the others, set to 0, and the rest scaled to make up for it. */
export function dropTokens(
  embedded: Tensor,
  { embeddingDropout, wordDropout, generator }: TokenDropout,
  training: boolean,
): Tensor {
  const tokens = dropout(embedded, wordDropout, { training, wholeRows: true, generator });
  return dropout(tokens, embeddingDropout, { training, generator });
}
