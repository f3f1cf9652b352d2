import { checkShapeIs } from "../../autograd/ops/operands.js";
import { Module } from "../../nn/module.js";
import type { SequenceOptions } from "../../nn/recurrentBase.js";
import type { Indices } from "../../tensor/intTensor.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import type { State } from "./state.js";
import { type Stepper, unchanging } from "./stepper.js";
import { asRow } from "./tokenIds.js";

/** What an encoder made of a batch of sources: all that a decoder may look at. */
export interface Encoded {
  /** [S, B, E]: what was read at each position; 0 past a source's end */
  readonly memory: Tensor;
  /** [B], from 1 to S; all S where there are none */
  readonly lengths: Indices | undefined;
  /** What the decoder starts from. */
  readonly last: State;
  /** [S, B, F]: the words themselves, embedded; only a lexical model asks for them */
  readonly embedded?: Tensor;
}

/** Reads sources, whatever they are: ids [S, B], frames [S, B, F]. */
export interface SourceEncoder<Source> extends Module {
  /** A batch of sources, of lengths from 1 to S (default: all S) → what a decoder may look at. */
  encode(source: Source, lengths?: Indices): Encoded;
}

/**
 * Reads tokens and says what may follow: all that training needs of a decoder and, through its stepper, a search. A
 * decoder of one's own extends this; its state `S` is plain data (tensors, arrays and objects of them).
 *
 * A search asks for one thing more, `begin` (see {@link Searchable}): the first state of some sources, and what each row
 * reads first. It is trained on `logits(features(ids, state)[0])`, reshaped to [T · B, outputSize], against the tokens that
 * follow.
 *
 * @example
 * class CharacterModel extends TokenDecoder<Tensor> implements Searchable<string> {
 *   readonly outputSize = 99;
 *   readonly embedding = this.registerModule("embedding", new nn.Embedding(99, 64));
 *   readonly gru = this.registerModule("gru", new nn.GRU(64, 64));
 *   readonly out = this.registerModule("out", new nn.Linear(64, 99));
 *   start = (_: unknown, count: number) => zeros([1, count, 64]);
 *   features = (ids: Indices, state: Tensor) => this.gru.forward(this.embedding.forward(ids), state);
 *   logits = (features: Tensor) => this.out.forward(features);
 *   select = (state: Tensor, rows: readonly number[]) => indexSelect(state, 1, Int32Array.from(rows));
 *   begin = (texts: readonly string[]) => ({
 *     ...{ stepper: this.stepper(), state: this.start(null, texts.length), ids: texts.map(() => BOS) },
 *   });
 * }
 * greedySearch(new CharacterModel(), ["anything"]);
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
    return unchanging(this, {
      size: this.outputSize,
      step: (ids, state) => {
        const [features, next] = this.features(asRow(ids), state);
        const logits = this.logits(features);
        checkShapeIs(this.constructor.name, "logits", logits, [1, ids.length, this.outputSize]);
        return { logits: floatsOf(logits), state: next };
      },
      select: (state, rows) => this.select(state, rows),
    });
  }
}
