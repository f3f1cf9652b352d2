/** Padding changes nothing, and a sentence has the same bits alone as in any batch: outputs, states and gradients. */
import { describe, expect, it } from "vitest";
import { concat, crossEntropy, mul, reshape, slice, sum } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { noise } from "../support/leaves.js";

const [F, H] = [5, 7];
const LAYERS = { RNN: nn.RNN, GRU: nn.GRU, LSTM: nn.LSTM };
type Kind = keyof typeof LAYERS;
const KINDS = Object.keys(LAYERS) as Kind[];

/** Outputs and states of a module, the LSTM's pair laid flat. */
const run = (module: nn.RNN | nn.GRU | nn.LSTM, x: Tensor, lengths?: Int32Array | number[]): Tensor[] =>
  module.forward(x, null, { lengths }).flat();

const make = (kind: Kind, options: nn.RecurrentModuleOptions = {}): nn.RNN | nn.GRU | nn.LSTM =>
  new LAYERS[kind](F, H, { numLayers: 2, bidirectional: true, generator: new Generator(3), ...options });

/** Step t, sequence b of a [T, B, …] or the like, as numbers. */
const at = (x: Tensor, t: number, b: number): number[] => [...slice(slice(x, 0, t, t + 1), 1, b, b + 1).data];

describe.each(KINDS)("%s", (kind) => {
  const lengths = [3, 6, 1, 4, 6, 2, 5];
  const B = lengths.length;
  const module = make(kind);
  const sentences = lengths.map((length, b) => noise([length, 1, F], 100 + b));

  /** Sentences side by side, [T, B, F], the room past their ends filled with `filler`. */
  const batch = (which: number[], T: number, filler: number): Tensor =>
    concat(
      which.map((b) => {
        const rest = tensor(new Float32Array((T - lengths[b]) * F).fill(filler), [T - lengths[b], 1, F]);
        return concat([sentences[b], rest]);
      }),
      1,
    );

  it("gives a sentence the same bits alone and in any batch, in any order, with any padding", () => {
    const alone = sentences.map((x) => run(module, x));
    const generator = new Generator(1);
    for (let trial = 0; trial < 12; trial++) {
      const size = 1 + generator.integer(B);
      const which = generator.shuffle([...lengths.keys()]).slice(0, size);
      const longest = Math.max(...which.map((b) => lengths[b]));
      const x = batch(which, longest + generator.integer(3), generator.normal() * 1e6);
      const [output, ...finals] = run(
        module,
        x,
        Int32Array.from(which, (b) => lengths[b]),
      );
      which.forEach((b, column) => {
        for (let t = 0; t < x.shape[0]; t++) {
          const expected = t < lengths[b] ? at(alone[b][0], t, 0) : new Array(2 * H).fill(0);
          expect(at(output, t, column), `trial ${trial}, sentence ${b}, step ${t}`).toEqual(expected);
        }
        finals.forEach((final, kindOfState) => {
          for (let layer = 0; layer < 4; layer++) {
            expect(at(final, layer, column)).toEqual(at(alone[b][1 + kindOfState], layer, 0));
          }
        });
      });
    }
  });

  it("computes a batch without lengths as one with all of them full", () => {
    const x = noise([4, 3, F], 9);
    const [a, b] = [run(module, x), run(module, x, [4, 4, 4])];
    a.forEach((each, i) => {
      expect(each.data).toEqual(b[i].data);
    });
  });

  it("lets no gradient into the padding, and takes none from it", () => {
    const which = [...lengths.keys()];
    const gradients = (T: number, filler: number): [parameters: number[][], input: Tensor] => {
      const x = batch(which, T, filler);
      x.requiresGrad = true;
      module.zeroGrad();
      const [output, ...finals] = run(module, x, lengths);
      // Weighs every real element differently, and padding heavily: were its outputs not 0, it would show.
      const weights = noise([T, B, 2 * H], 5);
      const real = slice(weights, 0, 0, 6);
      const padded = concat([real, tensor(new Float32Array((T - 6) * B * 2 * H).fill(1e3), [T - 6, B, 2 * H])]);
      const total = [sum(mul(output, padded)), ...finals.map((final) => sum(mul(final, noise(final.shape, 6))))];
      sum(concat(total.map((each) => reshape(each, [1])))).backward();
      return [module.parameters().map((parameter) => [...(parameter.grad as Tensor).data]), x.grad as Tensor];
    };
    const [parameters, input] = gradients(6, 0);
    const [others, otherInput] = gradients(9, 1e6);
    expect(others).toEqual(parameters);
    lengths.forEach((length, b) => {
      for (let t = 0; t < 9; t++) {
        expect(at(otherInput, t, b)).toEqual(t < length ? at(input, t, b) : new Array(F).fill(0));
      }
      expect(at(input, length - 1, b).some((value) => value !== 0)).toBe(true);
    });
  });

  it("with batchFirst is the same, transposed", () => {
    const x = noise([4, 3, F], 9);
    const other = make(kind, { batchFirst: true });
    other.loadStateDict(module.stateDict());
    const swapped = concat([0, 1, 2].map((b) => reshape(slice(x, 1, b, b + 1), [1, 4, F])));
    const [output, ...finals] = run(module, x, [2, 4, 3]);
    const [outputB, ...finalsB] = run(other, swapped, [2, 4, 3]);
    for (let t = 0; t < 4; t++) for (let b = 0; b < 3; b++) expect(at(outputB, b, t)).toEqual(at(output, t, b));
    finals.forEach((final, i) => {
      expect(finalsB[i].data).toEqual(final.data);
    });
  });
});

describe("a cell", () => {
  it.each([
    [nn.RNNCell, nn.RNN],
    [nn.GRUCell, nn.GRU],
  ])("stepped by hand has the bits of the whole sequence", (Cell, Layer) => {
    const layer = new Layer(F, H, { generator: new Generator(4) });
    const cell = new Cell(F, H);
    cell.loadStateDict(
      Object.fromEntries(Object.entries(layer.stateDict()).map(([name, value]) => [name.replace("_l0", ""), value])),
    );
    const x = noise([5, 3, F], 2);
    const [output] = layer.forward(x);
    let h = zeros([3, H]);
    for (let t = 0; t < 5; t++) {
      h = cell.forward(reshape(slice(x, 0, t, t + 1), [3, F]), h);
      expect([...h.data]).toEqual([...slice(output, 0, t, t + 1).data]);
    }
  });
});

describe("the rest of a sentence's way", () => {
  const linear = new nn.Linear(F, 6, { generator: new Generator(1) });
  const table = new nn.Embedding(9, F, { paddingIdx: 0, generator: new Generator(2) });

  it("embedding, linear and softmax give a token the same bits in any company", () => {
    const path = (ids: number[]): Tensor => nn.functional.softmax(linear.forward(table.forward(ids)));
    const ids = [3, 8, 0, 1, 5, 2, 7];
    const whole = path(ids);
    ids.forEach((id, i) => {
      expect([...path([id]).data]).toEqual([...slice(whole, 0, i, i + 1).data]);
    });
  });

  it("the loss and its gradients ignore padding, bit for bit", () => {
    const gradients = (ids: number[], targets: number[]): [number, number[][]] => {
      linear.zeroGrad();
      table.zeroGrad();
      const loss = crossEntropy(linear.forward(table.forward(ids)), targets, { ignoreIndex: 0, labelSmoothing: 0.1 });
      loss.backward();
      return [loss.item(), [...linear.parameters(), table.weight].map(({ grad }) => [...(grad as Tensor).data])];
    };
    expect(gradients([3, 8, 1, 0, 0, 0], [2, 1, 5, 0, 0, 0])).toEqual(gradients([3, 8, 1], [2, 1, 5]));
  });
});
