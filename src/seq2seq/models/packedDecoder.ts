import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import type { Linear } from "../../nn/linear.js";
import type { Tensor } from "../../tensor/tensor.js";
import { PackedLinear, PackedWords } from "./packed.js";
import { copyState, type DecoderState, selectRows, stateParts } from "./state.js";
import type { Step, Stepper } from "./stepper.js";

/**
 * A decoder over a fixed context, for many single steps without history, over weights packed once. The same bits as
 * `Decoder` gives with dropout off.
 */
export class PackedDecoder implements Stepper<DecoderState> {
  readonly size: number;
  readonly #words: PackedWords;
  readonly #stepper: RecurrentStepper;
  readonly #out: PackedLinear;

  /** `embedding` [V, H] is read as words come, all else is copied. */
  constructor(embedding: Tensor, stepper: RecurrentStepper, out: Linear) {
    this.size = out.outFeatures;
    this.#words = new PackedWords(embedding, stepper, { isRelu: true });
    this.#stepper = stepper;
    this.#out = new PackedLinear(out);
  }

  step(ids: readonly number[], { hidden }: DecoderState): Step<DecoderState> {
    const next = copyState(hidden);
    const [h, c] = stateParts(next);
    const features = this.#stepper.step(this.#words.gates(ids), h.data, c?.data ?? null, ids.length);
    return { logits: this.#out.forward(features, ids.length), state: { hidden: next, context: null } };
  }

  select({ hidden }: DecoderState, rows: readonly number[]): DecoderState {
    return { hidden: selectRows(hidden, rows), context: null };
  }

  /** Frees everything at once instead of when it is collected. */
  dispose(): void {
    for (const part of [this.#words, this.#stepper, this.#out]) part.dispose();
  }
}
