import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import type { Linear } from "../../nn/linear.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { PackedLinear, PackedWords } from "./packed.js";
import { PackedStepper } from "./packedStepper.js";
import { copyState, type DecoderState, selectRows, stateParts } from "./state.js";
import type { Step } from "./stepper.js";

/**
 * A decoder over a fixed context, for many single steps without history, over weights packed once. The same bits as
 * `Decoder` gives with dropout off.
 */
export class PackedDecoder extends PackedStepper<DecoderState> {
  readonly size: number;
  readonly #words: PackedWords;
  readonly #stepper: RecurrentStepper;
  readonly #out: PackedLinear;

  /** All is copied: later changes are not seen. `isRelu`: whether relu stands between the embedding and the layer. */
  constructor(embedding: Tensor, stepper: RecurrentStepper, out: Linear, options: { readonly isRelu: boolean }) {
    super();
    this.size = out.outFeatures;
    this.#words = new PackedWords(embedding, stepper, options);
    this.#stepper = stepper;
    this.#out = new PackedLinear(out);
  }

  step(ids: readonly number[], { hidden }: DecoderState): Step<DecoderState> {
    const next = copyState(hidden);
    const [h, c] = stateParts(next);
    const features = this.#stepper.step(this.#words.gates(ids), floatsOf(h), c ? floatsOf(c) : null, ids.length);
    return { logits: this.#out.forward(features, ids.length), state: { hidden: next, context: null } };
  }

  protected free(): void {
    for (const part of [this.#words, this.#out]) part.free();
    this.#stepper.dispose();
  }

  select({ hidden }: DecoderState, rows: readonly number[]): DecoderState {
    return { hidden: selectRows(hidden, rows), context: null };
  }
}
