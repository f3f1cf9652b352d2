import { describe, expect, test } from "vitest";
import { Decoder } from "../../../src/seq2seq/models/decoder.js";
import { Encoder } from "../../../src/seq2seq/models/encoder.js";
import { type State, selectRows, stateParts } from "../../../src/seq2seq/models/state.js";
import { Generator, randn, Tensor } from "../../../src/tensor/index.js";

const cells = ["rnn", "gru", "lstm"] as const;
const shapes = ([output, state]: [Tensor, State]) => [output.shape, ...stateParts(state).map(({ shape }) => shape)];
const bits = (state: State) => stateParts(state).map(({ data }) => Array.from(data));

/** The names that PyTorch gives to one layer's parameters. */
const layer = (name: string, suffix: string): string[] =>
  ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((weight) => `${name}.${weight}_${suffix}`);

describe.each(cells)("a %s", (cell) => {
  const parts = cell === "lstm" ? 2 : 1;
  const generator = new Generator(1);
  const encoder = new Encoder(9, 4, { cell, numLayers: 2, bidirectional: true, generator });
  const decoder = new Decoder(4, 7, { cell, numLayers: 3, generator });

  test("takes one token, a list of them, or [T, B]", () => {
    const encoderState = (batch: number) => Array.from({ length: parts }, () => [4, batch, 4]);
    expect(shapes(encoder.forward(8))).toEqual([[1, 1, 8], ...encoderState(1)]);
    expect(shapes(encoder.forward([1, 2, 3]))).toEqual([[3, 1, 8], ...encoderState(1)]);
    const batch = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(shapes(encoder.forward(batch))).toEqual([[2, 3, 8], ...encoderState(3)]);
    const decoderState = (size: number) => Array.from({ length: parts }, () => [3, size, 4]);
    expect(shapes(decoder.forward(6))).toEqual([[1, 1, 7], ...decoderState(1)]);
    expect(shapes(decoder.forward(Int32Array.of(1, 2)))).toEqual([[2, 1, 7], ...decoderState(1)]);
    expect(shapes(decoder.forward(batch))).toEqual([[2, 3, 7], ...decoderState(3)]);
  });

  test("read token by token gives the bits of the whole sequence", () => {
    const oneWay = new Encoder(9, 4, { cell, numLayers: 2, generator });
    for (const module of [oneWay, decoder]) {
      const ids = [3, 1, 4, 1, 5, 2];
      const [whole, last] = module.forward(ids);
      let state: State | undefined;
      const outputs: number[] = [];
      for (const id of ids) {
        const [output, next] = module.forward(id, state);
        outputs.push(...output.data);
        state = next;
      }
      expect(outputs).toEqual(Array.from(whole.data));
      expect(bits(state!)).toEqual(bits(last));
    }
  });

  test("gives log-probabilities, from the features' logits", () => {
    const [output] = decoder.forward([1, 2, 3]);
    for (let t = 0; t < 3; t++) {
      const row = Array.from(output.data.subarray(t * 7, (t + 1) * 7));
      expect(row.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 5);
    }
  });

  test("has its parameters under PyTorch's names", () => {
    const suffixes = ["l0", "l0_reverse", "l1", "l1_reverse"];
    const own = suffixes.flatMap((suffix) => layer(cell, suffix));
    expect(Object.keys(encoder.stateDict())).toEqual(["embedding.weight", ...own]);
    const decoders = ["l0", "l1", "l2"].flatMap((suffix) => layer(cell, suffix));
    expect(Object.keys(decoder.stateDict())).toEqual(["embedding.weight", ...decoders, "out.weight", "out.bias"]);
  });

  test("stops each sentence at its length, so that padding does not reach its state", () => {
    const [output, state] = encoder.forward([[1, 4], [2, 0], [3, 0]], null, { lengths: [3, 1] }); // biome-ignore format: [T, B]
    expect(bits(selectRows(state, [1]))).toEqual(bits(encoder.forward(4)[1]));
    expect(bits(selectRows(state, [0]))).toEqual(bits(encoder.forward([1, 2, 3])[1]));
    expect(Array.from(output.data.subarray(24, 32))).toEqual(Array(8).fill(0)); // step 1 of sentence 1
  });

  test("refuses the other kind's state", () => {
    const one = randn([3, 1, 4]);
    const wrong: State = cell === "lstm" ? one : [one, one];
    expect(() => decoder.forward(1, wrong)).toThrow(TypeError);
    expect(() => decoder.forward(1, wrong)).toThrow(new RegExp(`^${cell.toUpperCase()}: expected a state`));
  });
});

test("the decoder applies relu to its embedding, and the encoder does not", () => {
  const generator = new Generator(1);
  const negated = (module: Encoder | Decoder): { before: number[]; after: number[] } => {
    module.embedding.weight.data.fill(-1);
    const before = Array.from(module.forward(1)[0].data);
    module.embedding.weight.data.fill(-2);
    return { before, after: Array.from(module.forward(1)[0].data) };
  };
  const decoder = negated(new Decoder(4, 7, { generator }));
  expect(decoder.after).toEqual(decoder.before);
  const encoder = negated(new Encoder(9, 4, { generator }));
  expect(encoder.after).not.toEqual(encoder.before);
});

test("selectRows picks, repeats and reorders", () => {
  const state = new Tensor(
    Float32Array.from({ length: 12 }, (_, i) => i),
    [2, 3, 2],
  );
  const picked = selectRows([state, state], [2, 0, 2, 1]);
  for (const part of stateParts(picked)) {
    expect(part.toArray()).toEqual([
      [[4, 5], [0, 1], [4, 5], [2, 3]], // biome-ignore format: one layer a line
      [[10, 11], [6, 7], [10, 11], [8, 9]], // biome-ignore format: one layer a line
    ]);
  }
});

test("dropout works while training only, and follows its generator", () => {
  const make = (): Encoder => new Encoder(9, 16, { dropout: 0.5, generator: new Generator(3) });
  const [one, two] = [make(), make()];
  const output = (encoder: Encoder) => Array.from(encoder.forward([1, 2, 3])[0].data);
  expect(output(one)).toEqual(output(two));
  expect(output(one)).not.toEqual(output(one));
  one.eval();
  expect(output(one)).toEqual(output(one));
});

test.each([
  ["Encoder", new Encoder(9, 4), 9],
  ["Decoder", new Decoder(4, 7), 7],
])("%s names an id out of range, and a shape that is none", (name, module, size) => {
  expect(() => module.forward(size)).toThrow(RangeError);
  expect(() => module.forward(size)).toThrow(new RegExp(`got ${size}`));
  expect(() => module.forward(-1)).toThrow(/got -1/);
  expect(() => module.forward([[[1]]])).toThrow(
    new RangeError(`${name}: expected token ids [], [T] or [T, B], got [1, 1, 1]`),
  );
  expect(() => module.forward(1.5)).toThrow(/expected 32-bit integers, got 1.5/);
});
