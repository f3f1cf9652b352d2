import { kernels } from "../../../tensor/kernels/index.js";
import type { Generator } from "../../../tensor/random.js";
import { allocate, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import type { Unset } from "../../unset.js";
import { dropoutMask } from "../dropout.js";
import { type CellRule, gradientsOf, type RecurrentWeights } from "../recurrent/cell.js";
import { type Layout, rowsOf, running } from "../recurrent/layout.js";
import type { PackedWeights } from "../recurrent/packedWeights.js";
import type { Steps } from "../recurrent/steps.js";
import type { AttentionSteps } from "./attentionSteps.js";
import { CombineSteps } from "./combineSteps.js";
import { FedLayer } from "./fedLayer.js";
import { UpperLayer } from "./upperLayer.js";

export interface FeedingWeights {
  /** Lowest first, each of H hidden units; the lowest reads an input and a feature: weightIh [G·H, F + O]. */
  readonly layers: readonly RecurrentWeights[];
  /** [O, E + H] */
  readonly combine: Tensor;
  /** [O], or null for none */
  readonly combineBias: Tensor | null;
}

/** The steps of `inputFeeding`, whose equations stand there. States: h of each layer, c of each if it has one, and f. */
export class FeedingSteps implements Steps {
  readonly outputs: Steps["outputs"];
  readonly #layout: Layout;
  readonly #H: number;
  readonly #O: number;
  readonly #layers: readonly RecurrentWeights[];
  readonly #lowest: FedLayer;
  readonly #upper: readonly UpperLayer[];
  readonly #residual: boolean;
  readonly #attention: AttentionSteps;
  readonly #combine: CombineSteps;

  constructor(
    rule: CellRule,
    { layers, combine, combineBias }: FeedingWeights,
    attention: AttentionSteps,
    inputs: FloatArray,
    layout: Layout,
    { p, generator, residual }: { readonly p: number; readonly generator: Generator; readonly residual: boolean },
    packed: PackedWeights | null,
  ) {
    const [lowest, ...upper] = layers;
    this.#layers = layers;
    this.#layout = layout;
    this.#H = lowest.weightHh.shape[1];
    this.#O = combine.shape[0];
    this.#lowest = new FedLayer(rule, lowest, inputs, layout, this.#O, packed);
    this.#upper = upper.map((weights) => {
      const mask = p > 0 ? dropoutMask(layout.total * this.#H, p, generator, combine.dtype) : null;
      return new UpperLayer(rule, weights, layout, { mask, residual, packed });
    });
    this.#residual = residual && upper.length > 0;
    this.#attention = attention;
    this.#combine = new CombineSteps(combine, combineBias, layout, this.#H, packed);
    this.outputs = [
      { rows: this.#combine.features, width: this.#O },
      { rows: attention.weights, width: attention.places },
    ];
  }

  forward(t: number, states: readonly FloatArray[]): void {
    const { h, c, f, rows } = this.#named(states, t);
    this.#lowest.forward(t, f, h[0], c[0]);
    let top = rows(h[0]);
    this.#upper.forEach((layer, below) => {
      top = layer.forward(t, top, h[below + 1], c[below + 1]);
    });
    f.set(this.#combine.forward(t, this.#attention.forward(t, top), top));
  }

  backward(t: number, dstates: readonly FloatArray[], doutputs: readonly (FloatArray | null)[]): void {
    const [dfeatures, dweights] = doutputs;
    const { h: dh, c: dc, f: df, rows } = this.#named(dstates, t);
    if (dfeatures) kernels.addScaled(df, rowsOf(dfeatures, this.#layout, t, this.#O), 1);
    // Of residual layers, the gradient of one output after the other, from the highest down.
    const doutput = this.#residual ? allocate(rows(dh[0]).length, dtypeOf(df)) : null;
    const dtop = doutput ?? rows(dh[dh.length - 1]);
    this.#combine.backward(t, df, this.#attention.dcontextsAt(t), dtop);
    this.#attention.backward(t, dtop, dweights);
    for (let below = this.#upper.length - 1; below >= 0; below--) {
      this.#upper[below].backward(t, doutput ?? rows(dh[below]), dh[below + 1], dc[below + 1]);
    }
    if (doutput) kernels.addScaled(rows(dh[0]), doutput, 1);
    kernels.zero(df); // f(t − 1) reaches this step through the lowest layer alone
    this.#lowest.backward(t, df, dh[0], dc[0]);
  }

  gradients(dinputs: Accumulator, dparameters: readonly Accumulator[], unset: Unset): void {
    const [dcombine, dcombineBias, ...rest] = dparameters.slice(4);
    const [dlowest, ...dupper] = gradientsOf(this.#layers, rest);
    this.#attention.gradients(dparameters, unset);
    this.#combine.weightGradients(dcombine, dcombineBias, unset);
    this.#lowest.gradients(dinputs, dlowest, unset);
    this.#upper.forEach((layer, below) => {
      layer.weightGradients(dupper[below], unset);
    });
  }

  /** The states, or their gradients, by name; of f, and of what `rows` is asked for, the rows running at step t. */
  #named(states: readonly FloatArray[], t: number) {
    const layers = 1 + this.#upper.length;
    return {
      h: states.slice(0, layers),
      c: states.slice(layers, -1),
      f: running(states[states.length - 1], this.#layout, t, this.#O),
      rows: (state: FloatArray) => running(state, this.#layout, t, this.#H),
    };
  }
}
