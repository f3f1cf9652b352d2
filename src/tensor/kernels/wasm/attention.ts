import * as js from "../js/attention.js";
import type { Kernels } from "../js/index.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

/** What an additive score's term costs, forward and backward, in floating-point operations of a product: measured. */
const FORWARD = 34;
const BACKWARD = 52;
/** And a term of the products, which fill the registers less well. */
const TERM = 3;

/** The loops of ../js/attention.ts, which threads share by rows; setting a few scores to −∞ stays there. */
export function attentionKernels(call: Call, threads: Threads) {
  /**
   * A kernel that takes addresses, then the view and the width. `strides` says how many floats each address moves on with
   * a row: 0 for what all rows share.
   */
  const overRows = (
    name: string,
    addresses: readonly (readonly [at: number, stride: number])[],
    view: js.View,
    width: number,
    cost: number,
  ): void => {
    const { steps, places, sentences, columns, lengths } = view;
    const rows = columns.length;
    const indices = [call.integers(columns), call.integers(lengths)];
    threads.split(name, rows, 1, rows * steps * places * width * cost, (row, count) => [
      ...addresses.map(([at, stride]) => at + 4 * row * stride),
      ...indices.map((at) => at + 4 * row),
      ...[count, steps, places, rows, sentences, width],
    ]);
    call.end();
  };
  return {
    scoreRows(scores, query, memory, view, width) {
      if (isDouble(scores)) return js.scoreRows(scores, query, memory, view, width);
      const addresses = [
        [call.inout(scores), view.places],
        [call.input(query), width],
        [call.input(memory), 0],
      ] as const;
      overRows("scoreRows", addresses, view, width, TERM);
    },
    mixRows(out, weights, memory, view, width) {
      if (isDouble(out)) return js.mixRows(out, weights, memory, view, width);
      const addresses = [
        [call.inout(out), width],
        [call.input(weights), view.places],
        [call.input(memory), 0],
      ] as const;
      overRows("mixRows", addresses, view, width, TERM);
    },
    spreadRows(memory, weights, x, view, width) {
      if (isDouble(memory)) return js.spreadRows(memory, weights, x, view, width);
      const addresses = [
        [call.inout(memory), 0],
        [call.input(weights), view.places],
        [call.input(x), width],
      ] as const;
      overRows("spreadRows", addresses, view, width, TERM);
    },
    additiveScores(scores, query, keys, v, view, width) {
      if (isDouble(scores)) return js.additiveScores(scores, query, keys, v, view, width);
      const addresses = [
        [call.inout(scores), view.places],
        [call.input(query), width],
        [call.input(keys), 0],
        [call.input(v), 0],
      ] as const;
      overRows("additiveScores", addresses, view, width, FORWARD);
    },
    additiveScoresBackward(dquery, dkeys, dv, dscores, query, keys, v, view, width) {
      if (isDouble(dquery)) return js.additiveScoresBackward(dquery, dkeys, dv, dscores, query, keys, v, view, width);
      const addresses = [
        [call.inout(dquery), width],
        [call.inout(dkeys), 0],
        [call.inout(dv), width],
        [call.input(dscores), view.places],
        [call.input(query), width],
        [call.input(keys), 0],
        [call.input(v), 0],
      ] as const;
      overRows("additiveScoresBackward", addresses, view, width, BACKWARD);
    },
  } satisfies Partial<Kernels>;
}
