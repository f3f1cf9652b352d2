import { describe, expect, test } from "vitest";
import { chronoInit, GRU, GRUCell, LSTM, LSTMCell, RNN } from "../../src/nn/index.js";
import { Generator } from "../../src/tensor/index.js";
import { wrong } from "../support/wrong.js";

const H = 100;
const options = { numLayers: 2, bidirectional: true };
const parts = (data: ArrayLike<number>, gate: number) => Array.from(data).slice(gate * H, (gate + 1) * H);

describe("chronoInit", () => {
  test.each([
    ["GRU", () => new GRU(1, H, { ...options, generator: new Generator(1) }), 3],
    ["LSTM", () => new LSTM(1, H, { ...options, generator: new Generator(1) }), 4],
    [
      "GRU with layer normalisation",
      () => new GRU(1, H, { ...options, layerNorm: true, generator: new Generator(1) }),
      3,
    ],
  ] as const)("%s: spans are uniform up to the longest, all else stays", (_, make, gates) => {
    const before = make();
    const after = chronoInit(make(), 101, new Generator(2));
    const all = new Map(before.namedParameters());
    const spans: number[] = [];
    for (const [name, { data }] of after.namedParameters()) {
      const old = all.get(name)!.data;
      if (!/^(bias_ih|norm_ih_bias)_l/.test(name)) {
        expect([name, data.every((value, i) => value === old[i])]).toEqual([name, true]);
        continue;
      }
      spans.push(...parts(data, 1).map(Math.exp));
      expect(parts(data, 0)).toEqual(gates === 4 ? parts(data, 1).map((b) => -b) : parts(old, 0));
      for (let gate = 2; gate < gates; gate++) expect(parts(data, gate)).toEqual(parts(old, gate));
    }
    expect(spans).toHaveLength(4 * H); // two layers, two directions
    expect(Math.min(...spans)).toBeGreaterThan(0.999);
    expect(Math.max(...spans)).toBeLessThan(100.01);
    expect(spans.reduce((sum, span) => sum + span) / (4 * H)).toBeCloseTo(50.5, -1);
  });

  test("is drawn from the generator alone", () => {
    const bias = (seed: number) => {
      const gru = chronoInit(new GRU(1, 4, { generator: new Generator(1) }), 50, new Generator(seed));
      return [...new Map(gru.namedParameters()).get("bias_ih_l0")!.data];
    };
    expect(bias(3)).toEqual(bias(3));
    expect(bias(3)).not.toEqual(bias(4));
  });

  test.each([
    ["GRU", GRU, GRUCell],
    ["LSTM", LSTM, LSTMCell],
  ] as const)("a cell of %s begins as a layer of it", (_, Layer, Cell) => {
    const layer = chronoInit(new Layer(1, 4, { generator: new Generator(1) }), 50, new Generator(2));
    const cell = chronoInit(new Cell(1, 4, { generator: new Generator(1) }), 50, new Generator(2));
    const ofLayer = new Map(layer.namedParameters());
    for (const [name, { data }] of cell.namedParameters())
      expect([name, data]).toEqual([name, ofLayer.get(`${name}_l0`)!.data]);
  });

  test("refuses what has no such gates", () => {
    expect(() => chronoInit(wrong(new RNN(1, 4)), 9)).toThrow(/^chronoInit: expected a GRU or an LSTM, got /);
    expect(() => chronoInit(new GRU(1, 4, { bias: false }), 9)).toThrow(
      "expected a layer with biases, got one without",
    );
    expect(() => chronoInit(new GRU(1, 4), 1)).toThrow("chronoInit: expected longest to be an integer ≥ 2, got 1");
  });
});
