import { PackedWeights } from "../../autograd/ops/index.js";
import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import type { Linear } from "../../nn/linear.js";
import { kernels, type Packed } from "../../tensor/kernels/index.js";
import {
  allocatePersistent,
  allocatePersistentUnset,
  allocateUnset,
  dispose,
  type FloatArray,
} from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";

/** A copy that lives as long as whoever packs. */
function copied(tensor: Tensor): FloatArray {
  const floats = floatsOf(tensor);
  const copy = allocatePersistentUnset(floats.length, tensor.dtype);
  copy.set(floats);
  return copy;
}

/** a + b, number by number. */
export function summed(a: FloatArray, b: FloatArray): FloatArray {
  const sum = allocateUnset(a.length, "float32");
  kernels.add(sum, a, b);
  return sum;
}

/** A linear layer over a weight packed once. Copies: later changes are not seen. */
export class PackedLinear {
  readonly width: number;
  readonly #weights: PackedWeights;
  readonly #weight: Packed;
  readonly #bias: FloatArray;

  constructor({ weight, bias, outFeatures }: Linear) {
    this.width = outFeatures;
    this.#weights = new PackedWeights([{ weight }]);
    this.#weight = this.#weights.get(weight);
    this.#bias = bias ? copied(bias) : allocatePersistent(outFeatures, weight.dtype);
  }

  /** x [rows, inFeatures] → [rows, outFeatures] */
  forward(x: FloatArray, rows: number): FloatArray {
    const y = allocateUnset(rows * this.width, "float32");
    kernels.matmulPacked(y, x, this.#weight, rows, this.#bias);
    return y;
  }

  free(): void {
    this.#weights.dispose();
    dispose(this.#bias);
  }
}

/** What the first recurrent layer makes of each word, computed once, when the word first comes, of copies. */
export class PackedWords {
  readonly #stepper: RecurrentStepper;
  readonly #embedding: FloatArray;
  readonly #width: number;
  readonly #isRelu: boolean;
  /** [V, G·H]: the input projection of every word that has come. */
  readonly #projections: FloatArray;
  readonly #hasCome: Uint8Array;

  /** `embedding` [V, F]; `isRelu`: whether relu stands between it and the layer. */
  constructor(embedding: Tensor, stepper: RecurrentStepper, { isRelu }: { readonly isRelu: boolean }) {
    const [words, width] = embedding.shape;
    this.#stepper = stepper;
    this.#embedding = copied(embedding);
    this.#width = width;
    this.#isRelu = isRelu;
    this.#projections = allocatePersistentUnset(words * stepper.width, "float32");
    this.#hasCome = new Uint8Array(words);
  }

  /** The input projections [rows, G·H] of these words. */
  gates(ids: readonly number[]): FloatArray {
    const { width } = this.#stepper;
    for (const id of ids) if (!this.#hasCome[id]) this.#meet(id);
    const gates = allocateUnset(ids.length * width, "float32");
    kernels.gatherRows(gates, this.#projections, Int32Array.from(ids), width);
    return gates;
  }

  #meet(id: number): void {
    const { width } = this.#stepper;
    const embedded = allocateUnset(this.#width, "float32");
    const row = this.#embedding.subarray(id * this.#width, (id + 1) * this.#width);
    if (this.#isRelu) kernels.relu(embedded, row);
    else embedded.set(row);
    this.#stepper.project(this.#projections.subarray(id * width, (id + 1) * width), embedded, 1);
    this.#hasCome[id] = 1;
  }

  free(): void {
    [this.#embedding, this.#projections].forEach(dispose);
  }
}
