import { add, attentionMix, tanh } from "../../autograd/ops/index.js";
import type { AttentionKeys } from "../../nn/attention.js";
import { Linear } from "../../nn/linear.js";
import { Module } from "../../nn/module.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * A road from the source's words straight to the output, past all states: what a step looked at, as words rather than as
 * what was read there, speaks for its translations.  (Nguyen and Chiang, 2018, equations 9 to 11)
 *
 * f = tanh(Σₛ weights[s] · word[s]),  h = tanh(W·f) + f,  logits = … + V·h + b
 *
 * Parameters `hidden.weight` W [F, F], `out.weight` V [outputSize, F] and `out.bias` b start as those of a {@link Linear}.
 * With `tied` tables there is no `out`: V and b are those of the decoder's output layer, so that h joins the features
 * before it and costs no product with all tokens of its own.
 */
export class LexicalModel extends Module {
  readonly hidden: Linear;
  readonly out: Linear | null;

  /** `wordSize` is F, the width of the source's embedding. */
  constructor(
    wordSize: number,
    outputSize: number,
    { tied = false, generator }: { readonly tied?: boolean; readonly generator?: Generator } = {},
  ) {
    super();
    this.hidden = this.registerModule("hidden", new Linear(wordSize, wordSize, { generator, bias: false }));
    this.out = tied ? null : this.registerModule("out", new Linear(wordSize, outputSize, { generator }));
  }

  /** weights [T, R, S] over embedded words [S, B, F] → h [T, R, F]; `keys` and `columns` as the attention had them. */
  forward(weights: Tensor, words: Tensor, { lengths }: AttentionKeys, columns?: Int32Array): Tensor {
    const f = tanh(attentionMix(weights, words, { lengths, columns }));
    return add(tanh(this.hidden.forward(f)), f);
  }
}
