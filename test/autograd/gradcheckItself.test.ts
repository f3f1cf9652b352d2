import { describe, expect, it } from "vitest";
import { add, exp, gradcheck, record } from "../../src/autograd/index.js";
import { type Tensor, tensor } from "../../src/tensor/index.js";
import { leaf } from "../support/leaves.js";

describe("gradcheck", () => {
  /** y = 2 x, with a backward that claims `slope`. */
  const doubled = (x: Tensor, slope: number): Tensor => {
    const y = tensor(
      Float64Array.from(x.data, (value) => 2 * value),
      x.shape,
    );
    return record("doubled", y, [x], (dy, [dx]) => {
      if (dx) for (let i = 0; i < dx.length; i++) dx[i] += slope * dy[i];
    });
  };

  it("passes a right gradient, and convicts one that is wrong by 2e-6", () => {
    const x = leaf(2, 2);
    expect(gradcheck(() => doubled(x, 2), [x]).relativeError).toBeLessThan(1e-10);
    expect(() => gradcheck(() => doubled(x, 2 + 4e-6), [x])).toThrow(/input 0 \[2, 2\], element \d: backward gives/);
    // Within rtol element by element, but not norm-wise.
    expect(() => gradcheck(() => doubled(x, 2 + 5e-7), [x])).toThrow(/expected a relative error of at most 1e-7, got/);
    expect(() => gradcheck(() => doubled(x, Number.NaN), [x])).toThrow(/backward gives NaN/);
  });

  it("convicts a gradient that is missing in one element", () => {
    const x = leaf(3);
    const partly = (): Tensor => {
      const y = tensor(Float64Array.from(x.data), x.shape);
      return record("partly", y, [x], (dy, [dx]) => {
        if (dx) for (let i = 0; i < 2; i++) dx[i] += dy[i];
      });
    };
    expect(() => gradcheck(partly, [x])).toThrow(/element 2: backward gives 0/);
  });

  it("refuses float32, and inputs that want no gradient", () => {
    expect(() => gradcheck(() => add(1, 1), [tensor([1], { requiresGrad: true })])).toThrow(TypeError);
    expect(() => gradcheck(() => add(1, 1), [tensor([1])])).toThrow(
      /expected at least one input that requires a gradient/,
    );
  });

  it("leaves the inputs as they were", () => {
    const x = leaf(3);
    const before = [...x.data];
    gradcheck(() => exp(x), [x]);
    expect([...x.data]).toEqual(before);
  });
});
