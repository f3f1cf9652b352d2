import { describe, expect, it } from "vitest";
import {
  AnomalyError,
  add,
  detectAnomaly,
  isAnomalyEnabled,
  log,
  maskedFill,
  mul,
  noGrad,
  record,
  setDetectAnomaly,
  softmax,
  sqrt,
  sub,
  sum,
} from "../../src/autograd/index.js";
import { type Tensor, tensor } from "../../src/tensor/index.js";

const leaf = (...values: number[]): Tensor => tensor(values, { requiresGrad: true });

/** y = x with `broken` in place 1 of it or, from `dx`, of its gradient. */
function brokenOp(x: Tensor, { y = 0, dx = 0 }: { y?: number; dx?: number }): Tensor {
  const out = tensor(Float32Array.from(x.data, (value, i) => value + (i === 1 ? y : 0)));
  return record("broken", out, [x], (dy, [into]) => {
    for (let i = 0; into && i < into.length; i++) into[i] += dy[i] + (i === 1 ? dx : 0);
  });
}

function caught(body: () => unknown): AnomalyError {
  try {
    detectAnomaly(body);
  } catch (error) {
    if (error instanceof AnomalyError) return error;
    throw error;
  }
  throw new Error("expected an anomaly, got none");
}

describe("the switch", () => {
  it("is on inside, gives what its body returns, and is as it was afterwards, also of a body that throws", () => {
    expect(isAnomalyEnabled()).toBe(false);
    expect(detectAnomaly(() => isAnomalyEnabled())).toBe(true);
    expect(() =>
      detectAnomaly(() => {
        throw new Error("inner");
      }),
    ).toThrow("inner");
    expect(() => detectAnomaly(async () => 1)).toThrow("detectAnomaly: expected a synchronous callback, got a promise");
    expect(isAnomalyEnabled()).toBe(false);
  });

  it("stays where it is set", () => {
    setDetectAnomaly(true);
    try {
      expect(detectAnomaly(() => isAnomalyEnabled())).toBe(true);
      expect(isAnomalyEnabled()).toBe(true);
      expect(() => log(tensor([0]))).toThrow(AnomalyError);
    } finally {
      setDetectAnomaly(false);
    }
    expect(log(tensor([0])).item()).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("forward", () => {
  it("names the first op whose result is not finite, and what went into it", () => {
    const x = leaf(1, 2, 0);
    const error = caught(() => sum(mul(log(x), 0)).backward());
    expect(error.message).toBe("log: expected finite numbers, got -Infinity at 2 of its result [3], from finite ones");
    expect([error.op, error.phase, error.inputs]).toEqual(["log", "forward", [x]]);
    expect(x.grad).toBeNull();
  });

  it("looks into ops of one's own, and where nothing is recorded", () => {
    const message = "broken: expected finite numbers, got Infinity at 1 of its result [2], from finite ones";
    expect(caught(() => brokenOp(leaf(1, 2), { y: Number.POSITIVE_INFINITY })).message).toBe(message);
    expect(caught(() => noGrad(() => brokenOp(tensor([1, 2]), { y: Number.POSITIVE_INFINITY }))).message).toBe(message);
  });

  it("says of NaN that no op made which input it came with", () => {
    expect(caught(() => add(leaf(1, 2), leaf(3, Number.NaN))).message).toBe(
      "add: expected finite numbers, got NaN at 1 of its result [2], from NaN at 1 of input 1 [2]",
    );
    expect(caught(() => sub(tensor([Infinity]), tensor([Infinity]))).message).toBe(
      "sub: expected finite numbers, got NaN at 0 of its result [1], from Infinity at 0 of input 0 [1]",
    );
  });

  it("takes the largest numbers that there are for finite, in either precision", () => {
    detectAnomaly(() => {
      mul(tensor([3e38, -3e38]), 1);
      mul(tensor(Float64Array.of(1e308, -1e308)), 1);
      expect(() => mul(tensor(Float64Array.of(1, 1e308)), 10)).toThrow(
        "mul: expected finite numbers, got Infinity at 1",
      );
    });
  });

  it("lets infinities pass that were given, as masks are", () => {
    const scores = leaf(1, 2, 50);
    detectAnomaly(() => {
      sum(mul(softmax(maskedFill(scores, tensor([0, 0, 1]), Number.NEGATIVE_INFINITY)), tensor([1, 2, 3]))).backward();
      softmax(add(scores, tensor([0, Number.NEGATIVE_INFINITY, 0])));
    });
    expect(scores.grad?.toArray()).not.toContain(Number.NaN);
  });
});

describe("backward", () => {
  it("names the op whose derivative is not finite, and where it was called", () => {
    const x = leaf(4, 0);
    const error = caught(() => sum(sqrt(x)).backward());
    expect(error.message).toBe(
      "sqrt: expected finite gradients, got Infinity at 1 of the gradient of input 0 [2], from finite ones",
    );
    expect([error.op, error.phase, error.inputs]).toEqual(["sqrt", "backward", [x]]);
    expect((error.cause as Error).stack).toContain("anomaly.test.ts");
  });

  it("looks into ops of one's own, and names the first on the way back", () => {
    const x = leaf(1, 2);
    const error = caught(() => sum(sqrt(mul(brokenOp(brokenOp(x, { dx: NaN }), { dx: NaN }), 1))).backward());
    expect(error.message).toBe(
      "broken: expected finite gradients, got NaN at 1 of the gradient of input 0 [2], from finite ones",
    );
    expect(error.inputs[0]?.op).toBe("broken"); // the second one: gradients come from the end
  });

  it("tells a gradient that was given, and leaves alone one that was broken before", () => {
    const x = leaf(1, 2);
    expect(caught(() => mul(x, 2).backward(tensor([1, Number.NaN]))).message).toBe(
      "mul: expected finite gradients, got NaN at 1 of the gradient of input 0 [2], from NaN at 1 of the gradient of its result [2]",
    );
    x.grad = tensor([Number.NaN, 1]);
    detectAnomaly(() => sum(mul(x, 2)).backward());
    expect(x.grad?.toArray()).toEqual([Number.NaN, 3]);
  });
});
