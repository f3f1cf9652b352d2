import { describe, expect, it } from "vitest";
import { matmul, transpose } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, manualSeed, type Tensor, zeros } from "../../src/tensor/index.js";

const { init } = nn;
const fresh = (): Tensor => zeros([100, 300]); // fanOut 100, fanIn 300
const stats = (x: Tensor) => {
  const data = Float64Array.from(x.data);
  const mean = data.reduce((total, value) => total + value, 0) / data.length;
  const std = Math.sqrt(data.reduce((total, value) => total + (value - mean) ** 2, 0) / data.length);
  const [lowest, largest] = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))];
  return { mean, std, lowest, largest };
};

describe("initialisers", () => {
  const generator = (): Generator => new Generator(6);
  const uniforms: Record<string, [(x: Tensor) => Tensor, number]> = {
    uniform: [(x) => init.uniform(x, -0.5, 0.5, generator()), 0.5],
    xavierUniform: [(x) => init.xavierUniform(x, 2, generator()), 2 * Math.sqrt(6 / 400)],
    kaimingUniform: [(x) => init.kaimingUniform(x, 1, generator()), Math.sqrt(6 / (2 * 300))],
  };
  it.each(Object.entries(uniforms))("%s fills its whole range, evenly", (_, [fill, bound]) => {
    const { mean, std, lowest, largest } = stats(fill(fresh()));
    expect(Math.abs(mean)).toBeLessThan(0.01 * bound);
    expect(std / (bound / Math.sqrt(3))).toBeCloseTo(1, 2);
    for (const end of [-lowest, largest]) {
      expect(end).toBeLessThanOrEqual(Math.fround(bound));
      expect(end).toBeGreaterThan(0.999 * bound);
    }
  });

  const normals: Record<string, [(x: Tensor) => Tensor, number, number]> = {
    normal: [(x) => init.normal(x, 3, 0.5, generator()), 3, 0.5],
    xavierNormal: [(x) => init.xavierNormal(x, 1, generator()), 0, Math.sqrt(2 / 400)],
    kaimingNormal: [(x) => init.kaimingNormal(x, 0, generator()), 0, Math.sqrt(2 / 300)],
  };
  it.each(Object.entries(normals))("%s has its mean and deviation", (_, [fill, mean, std]) => {
    const found = stats(fill(fresh()));
    expect((found.mean - mean) / std).toBeCloseTo(0, 1);
    expect(found.std / std).toBeCloseTo(1, 1.5);
    expect(found.largest - mean).toBeGreaterThan(3 * std);
  });

  it.each([
    [4, 7],
    [7, 4],
    [5, 5],
  ])("orthogonal %d × %d: the shorter side at right angles", (rows, columns) => {
    const x = init.orthogonal(zeros([rows, columns], { dtype: "float64" }), 3, generator());
    const t = transpose(x, 0, 1);
    const product = rows <= columns ? matmul(x, t) : matmul(t, x);
    const size = Math.min(rows, columns);
    product.data.forEach((value, i) => {
      expect(value).toBeCloseTo(i % (size + 1) === 0 ? 9 : 0, 10);
    });
  });

  it("constant, and in place", () => {
    const x = fresh();
    expect(init.constant(x, 2)).toBe(x);
    expect(x.data.every((value) => value === 2)).toBe(true);
    for (const name of ["xavierUniform", "xavierNormal", "kaimingUniform", "kaimingNormal", "orthogonal"] as const) {
      const fill = { ...init }[name] as (x: Tensor) => Tensor;
      expect(() => fill(zeros([3]))).toThrow(`${name}: expected a weight [fanOut, fanIn], got [3]`);
    }
  });
});

describe("layers start", () => {
  it("as PyTorch's do", () => {
    const generator = new Generator(1);
    const embedding = stats(new nn.Embedding(200, 50, { generator }).weight);
    expect(embedding.mean).toBeCloseTo(0, 1);
    expect(embedding.std).toBeCloseTo(1, 1);
    const bounded: [nn.Module, number][] = [
      [new nn.Linear(400, 100, { generator }), 1 / 20],
      [new nn.GRU(3, 100, { numLayers: 2, bidirectional: true, generator }), 1 / 10],
      [new nn.LSTMCell(3, 100, { generator }), 1 / 10],
    ];
    for (const [module, bound] of bounded) {
      for (const [name, parameter] of module.namedParameters()) {
        const { lowest, largest } = stats(parameter);
        for (const end of [-lowest, largest]) {
          expect(end, name).toBeLessThanOrEqual(Math.fround(bound));
          expect(end, name).toBeGreaterThan(0.9 * bound);
        }
      }
    }
  });

  it("with a padding row of zeros", () => {
    const { weight } = new nn.Embedding(4, 3, { paddingIdx: 2 });
    expect([...weight.data.slice(6, 9)]).toEqual([0, 0, 0]);
    expect(weight.data.slice(9).every((value) => value !== 0)).toBe(true);
  });

  it("with the same bits from the same seed, given or default", () => {
    const makers: ((generator?: Generator) => nn.Module)[] = [
      (generator) => new nn.Embedding(5, 3, { generator }),
      (generator) => new nn.Linear(5, 3, { generator }),
      (generator) => new nn.RNN(5, 3, { generator }),
      (generator) => new nn.GRU(5, 3, { generator }),
      (generator) => new nn.LSTM(5, 3, { generator }),
      (generator) => new nn.GRUCell(5, 3, { generator }),
    ];
    const bits = (module: nn.Module): number[] => module.parameters().flatMap(({ data }) => [...data]);
    for (const make of makers) {
      const given = bits(make(new Generator(8)));
      expect(bits(make(new Generator(8)))).toEqual(given);
      expect(bits(make(new Generator(9)))).not.toEqual(given);
      manualSeed(8);
      expect(bits(make())).toEqual(given);
    }
  });
});
