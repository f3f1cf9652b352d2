/** The gradient check's rows of the recurrent ops. */
import { gru, lstm, type RecurrentOptions, type RecurrentWeights, rnn } from "../../src/autograd/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type Check, check, withSmallSteps } from "../support/checks.js";
import { joined } from "../support/compare.js";
import { leaf } from "../support/leaves.js";

/** lengths × direction × states given or not × biases given or not. */
function recurrent(
  gates: number,
  states: number,
  fn: (x: Tensor, states: readonly Tensor[], weights: RecurrentWeights, options: RecurrentOptions) => readonly Tensor[],
): Check[] {
  const [T, B, F, H] = [4, 3, 2, 3];
  const checks: Check[] = [];
  for (const isReversed of [false, true]) {
    const rows = gates * H;
    const weights = [leaf(rows, F), leaf(rows, H), leaf(rows), leaf(rows), leaf(rows)];
    const inputs = [leaf(T, B, F), ...weights, ...Array.from({ length: isReversed ? 0 : states }, () => leaf(B, H))];
    const normalised = check(
      `normalised, reverse ${isReversed}`,
      inputs,
      (x, weightIh, weightHh, biasIh, gainIh, gainHh, ...initial) => {
        const weights = { weightIh, weightHh, biasIh, biasHh: null, gainIh, gainHh };
        return joined(fn(x, initial, weights, { lengths: [2, 4, 1], reverse: isReversed }));
      },
    );
    checks.push(...withSmallSteps([normalised]));
  }
  for (const lengths of [undefined, Int32Array.of(2, 4, 1)]) {
    for (const reverse of [false, true]) {
      for (const given of [0, states]) {
        for (const [biasIh, biasHh] of [
          [true, true],
          [false, true],
          [true, false],
        ]) {
          const rows = gates * H;
          const biases = [biasIh, biasHh].map((wanted) => (wanted ? leaf(rows) : null));
          const inputs = [
            leaf(T, B, F),
            leaf(rows, F),
            leaf(rows, H),
            ...Array.from({ length: given }, () => leaf(B, H)),
          ];
          const label = `lengths ${lengths}, reverse ${reverse}, ${given} states, biases ${biasIh} ${biasHh}`;
          checks.push(
            check(label, [...inputs, ...biases.filter((bias) => bias !== null)], (x, weightIh, weightHh, ...rest) => {
              const weights = { weightIh, weightHh, biasIh: biases[0], biasHh: biases[1] };
              return joined(fn(x, rest.slice(0, given), weights, { lengths, reverse }));
            }),
          );
        }
      }
    }
  }
  return checks;
}

export const recurrentRows = {
  rnn: [
    ...recurrent(1, 1, (x, [h0 = null], weights, options) => rnn(x, h0, weights, options)),
    ...withSmallSteps(
      recurrent(1, 1, (x, [h0 = null], weights, options) => rnn(x, h0, weights, { ...options, nonlinearity: "relu" })),
    ),
  ],
  gru: recurrent(3, 1, (x, [h0 = null], weights, options) => gru(x, h0, weights, options)),
  lstm: recurrent(4, 2, (x, [h0 = null, c0 = null], weights, options) => lstm(x, h0, c0, weights, options)),
};
