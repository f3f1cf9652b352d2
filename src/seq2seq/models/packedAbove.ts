import type { RecurrentStepper } from "../../autograd/ops/recurrent/stepper.js";
import { allocateUnset, type FloatArray } from "../../tensor/storage.js";
import { summed } from "./packed.js";
import type { RecurrentLayer } from "./recurrentLayer.js";

/** The layers of a conditional decoder that stand above its attention. */
export interface LayersAbove {
  /** Reads the context, from the state that looked at it. */
  readonly contextLayer: RecurrentLayer;
  /** Each reads the output of the one before. */
  readonly upper: readonly RecurrentLayer[];
  /** Whether these add it to their own. */
  readonly residual: boolean;
}

/** The same for single steps without history, over weights packed once. */
export class PackedAbove {
  readonly #context: RecurrentStepper;
  readonly #upper: readonly RecurrentStepper[];
  readonly #residual: boolean;

  constructor({ contextLayer, upper, residual }: LayersAbove) {
    this.#context = contextLayer.module.stepper();
    this.#upper = upper.map(({ module }) => module.stepper());
    this.#residual = residual;
  }

  /**
   * context [rows, E] → the highest layer's output [rows, H]. The states h (and c) [layers, rows, H], of which the lowest
   * has looked, become the next ones.
   */
  step(context: FloatArray, h: FloatArray, c: FloatArray | null, rows: number): FloatArray {
    let output = stepOne(this.#context, context, h, c, rows);
    const size = rows * this.#context.hidden;
    this.#upper.forEach((layer, below) => {
      const at = (below + 1) * size;
      const own = stepOne(layer, output, h.subarray(at, at + size), c?.subarray(at, at + size) ?? null, rows);
      output = this.#residual ? summed(own, output) : own;
    });
    return output;
  }

  free(): void {
    for (const stepper of [this.#context, ...this.#upper]) stepper.dispose();
  }
}

function stepOne(
  stepper: RecurrentStepper,
  x: FloatArray,
  h: FloatArray,
  c: FloatArray | null,
  rows: number,
): FloatArray {
  const gates = allocateUnset(rows * stepper.width, "float32");
  stepper.project(gates, x, rows);
  return stepper.step(gates, h, c, rows);
}
