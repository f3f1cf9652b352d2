import { describe, expect, it } from "vitest";
import { add, mul, reshape, softmax, sum } from "../../src/autograd/index.js";
import { scope, Tensor, tensor, zeros } from "../../src/tensor/index.js";

/** A tensor that outlived its scope. */
function escaped(make: () => Tensor): Tensor {
  let held: Tensor | undefined;
  scope(() => {
    held = make();
  });
  return held as Tensor;
}

describe("after its scope", () => {
  it("every way to read a tensor throws, naming the op that made it", () => {
    const x = tensor([[1, 2]], { requiresGrad: true });
    const y = escaped(() => mul(x, 2));
    const reads: Record<string, () => unknown> = {
      data: () => y.data,
      toArray: () => y.toArray(),
      detach: () => y.detach(),
      "an op": () => add(y, 1),
      reshape: () => reshape(y, [2]),
      item: () => escaped(() => sum(x)).item(),
    };
    for (const [name, read] of Object.entries(reads)) {
      expect(read, name).toThrow(/the result of (mul \[1, 2\]|sum \[\]) was made inside a scope that has ended/);
    }
    expect(() => escaped(() => softmax(x)).data).toThrow(/result of softmax/);
    expect(() => escaped(() => softmax(x, 0)).data).toThrow(/result of softmax/);
    expect(() => escaped(() => tensor([1])).data).toThrow(/result of tensor/);
  });

  it("backward throws too: what it would read is gone", () => {
    const x = tensor([1], { requiresGrad: true });
    const y = escaped(() => mul(x, x));
    expect(() => y.backward()).toThrow(/the result of mul \[1\] was made inside a scope that has ended/);
    expect(x.grad).toBeNull();
  });

  it("what was made before or outlives it can be read", () => {
    const before = tensor([1]);
    const persistent = escaped(() => zeros([2], { lifetime: "persistent" }));
    scope(() => before.data);
    expect(before.toArray()).toEqual([1]);
    expect(persistent.toArray()).toEqual([0, 0]);
    expect(scope(() => before)).toBe(before);
    expect(scope(() => persistent)).toBe(persistent);
    const inside = scope(() => before.detach());
    expect(inside.toArray()).toEqual([1]);
  });
});

describe("what the callback returns", () => {
  it("is kept, in arrays and objects too, without its history", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const result = scope(() => {
      const y = mul(x, 2);
      return { y, list: [y, add(y, 1), { deep: sum(y) }] as const, text: "loss", count: 3, nothing: null };
    });
    expect(result.y.toArray()).toEqual([2, 4]);
    expect(result.y.requiresGrad).toBe(false);
    expect(result.y.history).toBeNull();
    expect(result.list[1].toArray()).toEqual([3, 5]);
    expect(result.list[2].deep.item()).toBe(6);
    expect(result).toMatchObject({ text: "loss", count: 3, nothing: null });
  });

  it("may be no tensor at all", () => {
    expect(scope(() => 5)).toBe(5);
    expect(scope(() => undefined)).toBeUndefined();
    const date = new Date(0);
    expect(scope(() => date)).toBe(date);
    const made = new Map([["a", 1]]);
    expect(scope(() => made)).toBe(made);
  });

  it("is a copy: the numbers of the scope may be used again", () => {
    let inner: Tensor | undefined;
    const kept = scope(() => {
      inner = tensor([1, 2, 3]);
      return inner;
    });
    expect(kept).not.toBe(inner);
    for (let i = 0; i < 10; i++) scope(() => sum(tensor([9, 9, 9])));
    expect(kept.toArray()).toEqual([1, 2, 3]);
  });
});

it("data that was taken stays what it was, by whatever road it leaves", () => {
  const roads: Record<string, (data: Float32Array) => () => Float32Array> = {
    "the array itself": (data) => () => data,
    "a part of it": (data) => () => data.subarray(0, 3),
    "a map": (data) => {
      const map = new Map([["data", data]]);
      return () => map.get("data") as Float32Array;
    },
  };
  for (const [name, leave] of Object.entries(roads)) {
    let y: Tensor | undefined;
    const kept = scope(() => {
      y = mul(tensor([1, 2, 3]), 2);
      const view = reshape(y, [3, 1]);
      const data = y.data as Float32Array;
      data[0] = 7; // also of its views, and of what is computed from now on
      expect(view.toArray()).toEqual([[7], [4], [6]]);
      expect(add(y, 1).toArray()).toEqual([8, 5, 7]);
      return leave(data);
    });
    for (let i = 0; i < 10; i++) scope(() => mul(tensor([9, 9, 9]), 2));
    expect(Array.from(kept()), name).toEqual([7, 4, 6]);
    expect(() => y?.data, name).toThrow(/scope that has ended/);
  }
});

describe("nested scopes", () => {
  it("end one by one; what the inner one returns lives on in the outer", () => {
    let fromInner: Tensor | undefined;
    const result = scope(() => {
      const outer = tensor([1]);
      fromInner = scope(() => {
        expect(outer.toArray()).toEqual([1]);
        return add(outer, 1);
      });
      expect(fromInner.toArray()).toEqual([2]);
      expect(outer.toArray()).toEqual([1]);
      return add(fromInner, 1);
    });
    expect(result.toArray()).toEqual([3]);
    expect(() => fromInner?.data).toThrow(/scope that has ended/);
  });

  it("survive one that throws", () => {
    let thrown: Tensor | undefined;
    scope(() => {
      const outer = tensor([1]);
      expect(() =>
        scope(() => {
          thrown = tensor([5]);
          throw new Error("inside");
        }),
      ).toThrow("inside");
      expect(() => thrown?.data).toThrow(/scope that has ended/);
      expect(add(outer, 1).toArray()).toEqual([2]);
    });
    const after = tensor([7]); // belongs to no scope
    scope(() => undefined);
    expect(after.isPersistent).toBe(true);
    expect(after.toArray()).toEqual([7]);
  });
});

it("refuses an asynchronous callback", () => {
  expect(() => scope(async () => 1)).toThrow(/scope: expected a synchronous callback, got a promise/);
  expect(tensor([1]).isPersistent).toBe(true);
});

it("many steps in a row keep their results apart", () => {
  const totals = Array.from({ length: 200 }, (_, i) =>
    scope(() => sum(mul(new Tensor(new Float32Array(100).fill(i), [100]), 1)).item()),
  );
  expect(totals).toEqual(totals.map((_, i) => i * 100));
});
