import { describe, expect, it } from "vitest";
import { add, embedding, indexSelect, matmul, mul, sum } from "../../src/autograd/index.js";
import { touchedRowsOf } from "../../src/autograd/touchedRows.js";
import { constant } from "../../src/nn/init.js";
import { scope, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { floatsOf, gradOf } from "../../src/tensor/tensor.js";

const grad = (x: Tensor): Tensor => x.grad as Tensor;
const touched = (x: Tensor) => touchedRowsOf(gradOf(x) as Tensor);

describe("the gradient of a leaf", () => {
  it("outlives the scope it is first needed in, as the leaf does", () => {
    for (const lifetime of ["persistent", "step"] as const) {
      const w = tensor([1, 2], { requiresGrad: true, lifetime });
      scope(() => sum(mul(w, 3)).backward());
      scope(() => sum(mul(w, 4)).backward());
      expect(grad(w).toArray()).toEqual([7, 7]);
    }
  });

  it("of an outer scope outlives an inner one", () => {
    scope(() => {
      const w = tensor([1, 2], { requiresGrad: true });
      scope(() => sum(mul(w, 3)).backward());
      expect(grad(w).toArray()).toEqual([3, 3]);
    });
  });

  it("ends with the scope the leaf was made in", () => {
    let escaped: Tensor | undefined;
    scope(() => {
      const w = tensor([1, 2], { requiresGrad: true });
      sum(mul(w, 3)).backward();
      escaped = grad(w);
      expect(escaped.toArray()).toEqual([3, 3]);
    });
    expect(() => escaped?.toArray()).toThrow(/result of grad \[2\] was made inside a scope that has ended/);
  });

  it("of a persistent leaf made inside a scope outlives it", () => {
    const w = scope(() => {
      const made = zeros([2], { requiresGrad: true, lifetime: "persistent" });
      sum(mul(made, 3)).backward();
      return made;
    });
    expect(w.requiresGrad).toBe(true);
    expect(grad(w).toArray()).toEqual([3, 3]);
  });
});

describe("touched rows", () => {
  const table = (): Tensor => zeros([5, 2], { requiresGrad: true, lifetime: "persistent" });
  const use = (w: Tensor, ids: number[], paddingIdx?: number): void =>
    sum(embedding(ids, w, { paddingIdx })).backward();

  it("are the rows that were looked up, over all backward calls", () => {
    const w = table();
    use(w, [3, 1, 3]);
    expect(touched(w)).toEqual(new Set([1, 3]));
    use(w, [0]);
    expect(touched(w)).toEqual(new Set([0, 1, 3]));
    expect(grad(w).toArray()).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
      [2, 2],
      [0, 0],
    ]);
  });

  it("are those that indexSelect picked along the first dimension, and unknown along any other", () => {
    const w = table();
    sum(indexSelect(w, 0, [3, 1, 3])).backward();
    expect(touched(w)).toEqual(new Set([1, 3]));
    sum(indexSelect(w, 1, [1])).backward();
    expect(touched(w)).toBeNull();
    expect(grad(w).toArray()).toEqual([
      [0, 1],
      [1, 2],
      [0, 1],
      [2, 3],
      [0, 1],
    ]);
  });

  it("are all that is cleared when the floats serve again, and they do where nobody has taken the gradient", () => {
    const w = table();
    use(w, [3, 1, 3]);
    const floats = floatsOf(gradOf(w) as Tensor);
    floats[0] = 7; // behind everybody's back, in a row that nothing touched: a whole clearing would show
    w.zeroGrad();
    expect(gradOf(w)).toBeNull();
    use(w, [2]);
    expect(floatsOf(gradOf(w) as Tensor)).toBe(floats);
    expect(touched(w)).toEqual(new Set([2]));
    expect(grad(w).toArray()).toEqual([
      [7, 0],
      [0, 0],
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
  });

  it("are unknown once a program has taken the floats, for it may write them at any time", () => {
    const w = table();
    use(w, [3]);
    expect(touched(w)).toEqual(new Set([3]));
    const { data } = grad(w).detach();
    expect(touched(w)).toBeNull();
    use(w, [3]);
    expect(touched(w)).toBeNull();
    data[0] = 1;
    w.zeroGrad();
    use(w, [2]);
    expect(touched(w)).toEqual(new Set([2]));
    expect(data[0]).toBe(1);
  });

  it("are unknown once an initialiser has written the gradient", () => {
    const w = table();
    use(w, [3]);
    constant(grad(w), 2);
    expect(touched(w)).toBeNull();
  });

  it("whose gradient somebody holds stay as they are for him", () => {
    const w = table();
    use(w, [3]);
    const held = grad(w);
    w.zeroGrad();
    use(w, [2]);
    expect(held.toArray()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });

  it("leave the padding row out, whose gradient stays 0", () => {
    const w = table();
    use(w, [2, 0, 2], 2);
    expect(touched(w)).toEqual(new Set([0]));
    expect(grad(w).toArray()).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("are unknown once the weight is used densely too, whichever comes first", () => {
    const uses: ((w: Tensor) => Tensor)[] = [(w) => sum(embedding([1], w)), (w) => sum(matmul(w, tensor([[1], [1]])))];
    for (const [first, second] of [uses, uses.toReversed()]) {
      const w = table();
      add(first(w), second(w)).backward();
      expect(touched(w)).toBeNull();
      expect(grad(w).toArray()).toEqual([
        [1, 1],
        [2, 2],
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
      w.zeroGrad();
      expect(w.grad).toBeNull();
    }
  });

  it("are unknown on a gradient laid there by hand, and zeroGrad forgets it all", () => {
    const w = table();
    w.grad = tensor(new Float32Array(10).fill(3), [5, 2]);
    use(w, [1]);
    expect(touched(w)).toBeNull();
    w.zeroGrad();
    expect(w.grad).toBeNull();
  });

  it("do not matter to a table that is itself computed", () => {
    const w = table();
    sum(embedding([1], mul(w, 2))).backward();
    expect(touched(w)).toBeNull();
    expect(grad(w).toArray()).toEqual([
      [0, 0],
      [2, 2],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});
