import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import type { Linear } from "../../nn/linear.js";
import { kernels, type Packed } from "../../tensor/kernels/index.js";
import { allocatePersistentUnset, allocateUnset, dispose, type FloatArray } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";
import { type DecoderState, mapState, selectRows, stateParts } from "./state.js";
import type { Step, Stepper } from "./stepper.js";

/**
 * A decoder over a fixed context, for many single steps without history: its weights packed once, and what the first
 * layer makes of a word computed once, when the word first comes. The same bits as `Decoder` gives with dropout off.
 */
export class PackedDecoder implements Stepper<DecoderState> {
  readonly size: number;
  readonly #stepper: RecurrentStepper;
  readonly #embedding: FloatArray;
  readonly #out: Packed;
  readonly #bias: FloatArray;
  /** [V, G·H]: the input projection of every word that has come. */
  readonly #projections: FloatArray;
  readonly #hasCome: Uint8Array;

  /** `embedding` [V, H] is read as words come, all else is copied. */
  constructor(embedding: Tensor, stepper: RecurrentStepper, out: Linear) {
    const [words, hidden] = embedding.shape;
    this.size = words;
    this.#stepper = stepper;
    this.#embedding = embedding.data;
    this.#out = kernels.packTransposed(out.weight.data, hidden, words, allocatePersistentUnset);
    this.#bias = allocatePersistentUnset(words, "float32");
    if (out.bias) this.#bias.set(out.bias.data);
    else this.#bias.fill(0);
    this.#projections = allocatePersistentUnset(words * stepper.width, "float32");
    this.#hasCome = new Uint8Array(words);
  }

  step(ids: readonly number[], { hidden }: DecoderState): Step<DecoderState> {
    const rows = ids.length;
    const { width } = this.#stepper;
    this.#meet(ids);
    const gates = allocateUnset(rows * width, "float32");
    kernels.gatherRows(gates, this.#projections, Int32Array.from(ids), width);
    const next = mapState(hidden, copied);
    const [h, c] = stateParts(next);
    const features = this.#stepper.step(gates, h.data, c?.data ?? null, rows);
    const logits = allocateUnset(rows * this.size, "float32");
    kernels.matmulPacked(logits, features, this.#out, rows, this.#bias);
    return { logits, state: { hidden: next, context: null } };
  }

  select({ hidden }: DecoderState, rows: readonly number[]): DecoderState {
    return { hidden: selectRows(hidden, rows), context: null };
  }

  /** Computes the input projections of words that have not come before. */
  #meet(tokens: readonly number[]): void {
    for (const token of tokens) {
      if (this.#hasCome[token]) continue;
      const { hidden, width } = this.#stepper;
      const embedded = allocateUnset(hidden, "float32");
      kernels.relu(embedded, this.#embedding.subarray(token * hidden, (token + 1) * hidden));
      this.#stepper.project(this.#projections.subarray(token * width, (token + 1) * width), embedded, 1);
      this.#hasCome[token] = 1;
    }
  }

  /** Frees everything at once instead of when it is collected. */
  dispose(): void {
    this.#stepper.dispose();
    [this.#out.data, this.#bias, this.#projections].forEach(dispose);
  }
}

function copied({ data, shape }: Tensor): Tensor {
  const copy = new Tensor(allocateUnset(data.length, "float32"), shape, "step");
  copy.data.set(data);
  return copy;
}
