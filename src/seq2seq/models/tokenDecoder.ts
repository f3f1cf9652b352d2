import { Module } from "../../nn/module.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import { type Indices, IntTensor } from "../../tensor/intTensor.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { State } from "./state.js";
import type { Stepper } from "./stepper.js";

/** What an encoder made of a batch of sources: all that a decoder may look at. */
export interface Encoded {
  /** [S, B, E]: what was read at each position; 0 past a source's end */
  readonly memory: Tensor;
  /** [B], from 1 to S; all S where there are none */
  readonly lengths: Indices | undefined;
  /** What the decoder starts from. */
  readonly last: State;
}

/**
 * Reads tokens and says what may follow: all that training needs of a decoder and, through its stepper, a search. A
 * decoder of one's own extends this; its state `S` is plain data (tensors, arrays and objects of them).
 *
 * @example
 * class CharacterModel extends TokenDecoder<State> {
 *   readonly outputSize = 99;
 *   // registers embedding, gru and out, then:
 *   start = (_: null, count: number) => zeros([1, count, 64]);
 *   features = (ids: Indices, state: Tensor) => this.gru.forward(this.embedding.forward(ids), state);
 *   logits = (features: Tensor) => this.out.forward(features);
 *   select = (state: Tensor, rows: readonly number[]) => indexSelect(state, 1, rows);
 * }
 */
export abstract class TokenDecoder<S> extends Module {
  /** How many tokens there are. */
  abstract readonly outputSize: number;

  /** The state before the first token of `count` rows; `encoded` is null for a language model, which has no source. */
  abstract start(encoded: Encoded | null, count: number): S;

  /** Reads whole sequences (teacher forcing): ids [T, B] → [features [T, B, ·], the state after them]. */
  abstract features(ids: Indices, state: S, options?: SequenceOptions): [Tensor, S];

  /** features [..., ·] → logits [..., outputSize] */
  abstract logits(features: Tensor): Tensor;

  /** The state of some rows, in the order asked for; one may come several times. */
  abstract select(state: S, rows: readonly number[]): S;

  /** Single steps without history, for a search; by default made of the above. */
  stepper(): Stepper<S> {
    return {
      size: this.outputSize,
      step: (ids, state) => {
        const [features, next] = this.features(new IntTensor(Int32Array.from(ids), [1, ids.length]), state);
        return { logits: this.logits(features).data, state: next };
      },
      select: (state, rows) => this.select(state, rows),
    };
  }
}
