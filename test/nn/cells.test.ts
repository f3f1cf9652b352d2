import { describe, expect, it } from "vitest";
import { noGrad } from "../../src/autograd/index.js";
import { GRUCell, LSTMCell, RNNCell } from "../../src/nn/index.js";
import { Generator, randn, type Tensor, tensor } from "../../src/tensor/index.js";

const F = 5;
const H = 7;
const draw = (shape: number[], seed: number): Tensor => randn(shape, { generator: new Generator(seed) });

/** Each kind of cell, as x and the states before → the states after. */
const cells = {
  rnn: (bias: boolean) => {
    const cell = new RNNCell(F, H, { bias, generator: new Generator(1) });
    return { cell, step: (x: Tensor, h: Tensor | null) => [cell.forward(x, h)] };
  },
  "rnn with relu": (bias: boolean) => {
    const cell = new RNNCell(F, H, { bias, nonlinearity: "relu", generator: new Generator(1) });
    return { cell, step: (x: Tensor, h: Tensor | null) => [cell.forward(x, h)] };
  },
  gru: (bias: boolean) => {
    const cell = new GRUCell(F, H, { bias, generator: new Generator(1) });
    return { cell, step: (x: Tensor, h: Tensor | null) => [cell.forward(x, h)] };
  },
  "normalised gru": (bias: boolean) => {
    const cell = new GRUCell(F, H, { bias, layerNorm: true, generator: new Generator(1) });
    return { cell, step: (x: Tensor, h: Tensor | null) => [cell.forward(x, h)] };
  },
  lstm: (bias: boolean) => {
    const cell = new LSTMCell(F, H, { bias, generator: new Generator(1) });
    return { cell, step: (x: Tensor, h: Tensor | null, c: Tensor | null) => cell.forward(x, h && c && [h, c]) };
  },
};
const floats = (states: readonly Tensor[]) => states.map(({ data, shape }) => ({ data: data.slice(), shape }));

for (const [name, make] of Object.entries(cells)) {
  describe(`without history, a ${name} cell`, () => {
    it.each([true, false])("gives the bits it gives with it, bias %s", (bias) => {
      const { step } = make(bias);
      for (const rows of [1, 2, 3, 4, 9]) {
        const x = draw([rows, F], rows);
        const states: [Tensor | null, Tensor | null][] = [
          [null, null],
          [draw([rows, H], 20), draw([rows, H], 21)],
        ];
        for (const [h, c] of states) {
          const before = h?.data.slice();
          expect(floats(noGrad(() => step(x, h, c)))).toEqual(floats(step(x, h, c)));
          expect(h?.data.slice()).toEqual(before);
        }
      }
    });

    it("follows its weights", () => {
      const { cell, step } = make(true);
      const x = draw([2, F], 3);
      noGrad(() => step(x, null, null));
      for (const parameter of cell.parameters()) {
        for (let i = 0; i < parameter.data.length; i++) parameter.data[i] *= 2;
        expect(floats(noGrad(() => step(x, null, null)))).toEqual(floats(step(x, null, null)));
      }
    });

    it("refuses what it refuses with it", () => {
      const { step } = make(true);
      const wrong: [Tensor, Tensor | null, Tensor | null, RegExp][] = [
        [draw([2, F + 1], 1), null, null, /expected .* got \[(1, )?2, 6\]/],
        [draw([2], 1), null, null, /Cell: expected an input \[B, F\], got \[2\]/],
        [draw([2, F], 1), draw([3, H], 1), draw([3, H], 1), /initial state of shape \[2, 7\], got \[3, 7\]/],
        [tensor(new Float64Array(F), [1, F]), null, null, /float64/],
      ];
      for (const [x, h, c, message] of wrong) {
        expect(() => step(x, h, c)).toThrow(message);
        expect(() => noGrad(() => step(x, h, c))).toThrow(message);
      }
    });
  });
}
