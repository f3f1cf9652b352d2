import { describe, expect, it } from "vitest";
import { add, isGradEnabled, mul, noGrad, sum } from "../../src/autograd/index.js";
import { tensor } from "../../src/tensor/index.js";

describe("noGrad", () => {
  it("records nothing, and returns what its body returns", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = noGrad(() => mul(x, 2));
    expect(y.requiresGrad).toBe(false);
    expect(y.history).toBeNull();
    expect(y.toArray()).toEqual([2, 4]);
    expect(mul(x, 2).requiresGrad).toBe(true);
  });

  it("nests, and an inner end does not switch recording on again", () => {
    const inside = noGrad(() => {
      noGrad(() => undefined);
      return isGradEnabled();
    });
    expect(inside).toBe(false);
    expect(isGradEnabled()).toBe(true);
  });

  it("ends when its body throws, at every level", () => {
    noGrad(() => {
      expect(() =>
        noGrad(() => {
          throw new Error("inner");
        }),
      ).toThrow("inner");
      expect(isGradEnabled()).toBe(false);
    });
    expect(isGradEnabled()).toBe(true);
    expect(() =>
      noGrad(() => {
        throw new Error("outer");
      }),
    ).toThrow("outer");
    expect(isGradEnabled()).toBe(true);
  });

  it("refuses an asynchronous body", () => {
    expect(() => noGrad(async () => 1)).toThrow(/noGrad: expected a synchronous callback, got a promise/);
    expect(isGradEnabled()).toBe(true);
  });

  it("stops a gradient halfway: what was made inside is a constant", () => {
    const x = tensor([3], { requiresGrad: true });
    const held = noGrad(() => mul(x, 2));
    sum(mul(held, x)).backward();
    expect(x.grad?.toArray()).toEqual([6]);
  });

  it("does not stop a backward of what was recorded before", () => {
    const x = tensor([3], { requiresGrad: true });
    const y = mul(x, 2);
    noGrad(() => y.backward());
    expect(x.grad?.toArray()).toEqual([2]);
  });
});

describe("detach", () => {
  it("shares the numbers and cuts the history", () => {
    const x = tensor([2], { requiresGrad: true });
    const y = mul(x, 5);
    const cut = y.detach();
    expect(cut.requiresGrad).toBe(false);
    expect(cut.data).toBe(y.data);
    sum(add(mul(cut, x), y)).backward(); // cut is the constant 10
    expect(x.grad?.toArray()).toEqual([15]);
  });
});
