import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { add, matmul, mul } from "../../src/autograd/index.js";
import { Arena } from "../../src/tensor/arena.js";
import { scope, type Tensor, zeros } from "../../src/tensor/index.js";
import { kernelSets, kernels, memoryUsage, useKernels } from "../../src/tensor/kernels/index.js";
import { allocate, allocatePersistent, dispose } from "../../src/tensor/storage.js";
import { type Block, WasmMemory } from "../../src/tensor/wasmMemory.js";
import { using } from "./kernels/support.js";

const MIB = 2 ** 20;
const bytes = (array: Float32Array): number[] => [array.byteOffset, array.byteOffset + array.byteLength];

describe("WebAssembly memory", () => {
  it("hands out blocks that do not overlap, at whole cache lines, and joins what comes back", () => {
    const memory = new WasmMemory();
    const free = memory.usage.used;
    const blocks = [100, 1, 64, 65, 5000].map((size) => memory.reserve(size) as Block);
    for (const { at, size } of blocks) expect([at % 64, size % 64]).toEqual([0, 0]);
    const sorted = blocks.toSorted((a, b) => a.at - b.at);
    sorted.forEach(({ at, size }, i) => {
      expect(at + size).toBeLessThanOrEqual(sorted[i + 1]?.at ?? memory.usage.size);
    });
    for (const i of [1, 3, 0, 4, 2]) memory.release(blocks[i]);
    expect(memory.usage.used).toBe(free);
    // One piece again: everything but what is kept back at the ends.
    expect(memory.reserve(memory.usage.size - 1024 - 64)?.at).toBe(sorted[0].at);
  });

  it("grows when it is full, and arrays on the buffer before stay what they were", () => {
    const memory = new WasmMemory();
    expect(memory.isShared).toBe(true);
    const early = memory.floats((memory.reserve(16) as Block).at, 4).fill(3);
    const before = memory.usage.size;
    const large = memory.reserve(2 * before) as Block;
    expect(memory.usage.size).toBeGreaterThan(before);
    expect([...early]).toEqual([3, 3, 3, 3]);
    expect(memory.address(early)).toBe(early.byteOffset);
    memory.floats(large.at, large.size / 4).fill(1);
    expect([...early]).toEqual([3, 3, 3, 3]);
    expect(memory.address(new Float32Array(4))).toBe(0);
  });

  it("without sharing has a fixed size, and says when it is full", () => {
    const memory = new WasmMemory(false);
    expect(memory.isShared).toBe(false);
    const { size } = memory.usage;
    expect(memory.reserve(size)).toBeNull();
    expect(memory.reserve(size / 2)).not.toBeNull();
    expect(memory.usage.size).toBe(size);
  });

  it("arenas take what they need in turn, and give all of it back", () => {
    const memory = new WasmMemory();
    const outer = new Arena(memory);
    const inner = new Arena(memory);
    const [a, b, c] = [outer.floats(10), inner.floats(MIB), outer.floats(20)] as Float32Array[];
    for (const array of [a, b, c]) array.fill(7);
    expect([outer.holds(a), outer.holds(c.subarray(5)), outer.holds(b), inner.holds(b)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    inner.release();
    expect([...a, ...c].every((value) => value === 7)).toBe(true);
    outer.release();
    expect(memory.usage.used).toBe(0);
  });

  it("what an op adds to is zero, whatever the memory held before", () => {
    for (const length of [10, MIB]) {
      scope(() => void allocate(length, "float32").fill(7));
      scope(() => expect(allocate(length, "float32").every((value) => value === 0)).toBe(true));
    }
  });
});

describe.skipIf(!kernelSets.includes("simd"))("where floats live", () => {
  using("simd");

  /** A step of some work, of a size that changes from one to the next. */
  function work(size: number): Tensor {
    return scope(() => {
      const x = zeros([size, 64]);
      const y = scope(() => add(matmul(x, zeros([64, size])), 1));
      return mul(y, y);
    });
  }

  it("1,000 scopes take no more memory than the first few", () => {
    for (let i = 0; i < 10; i++) work(100 + 40 * i);
    const { used, size } = memoryUsage();
    for (let i = 0; i < 1000; i++) work(100 + 40 * (i % 10));
    expect(memoryUsage()).toEqual({ used, size });
  });

  it("step floats are zeros in WebAssembly memory, apart from those of scopes around and within", () => {
    scope(() => {
      const outer = allocate(100, "float32") as Float32Array;
      outer.fill(1);
      const places = scope(() => {
        const own = allocate(100, "float32") as Float32Array;
        expect(own.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(own.every((value) => value === 0)).toBe(true);
        own.fill(2);
        return bytes(own);
      });
      expect(places[0] >= bytes(outer)[1] || places[1] <= bytes(outer)[0]).toBe(true);
      const again = allocate(100, "float32");
      expect(again.every((value) => value === 0)).toBe(true);
      expect(outer.every((value) => value === 1)).toBe(true);
    });
  });

  it("what a scope returns is copied out before its memory is used again", () => {
    const kept = scope(() => {
      const { tensor, floats } = scope(() => {
        const tensor = add(zeros([3]), 5);
        return { tensor, floats: add(zeros([2]), 6).data };
      });
      scope(() => add(zeros([1000]), 9));
      return { tensor, floats };
    });
    scope(() => add(zeros([1000]), 9));
    expect(kept.tensor.toArray()).toEqual([5, 5, 5]);
    expect([...kept.floats]).toEqual([6, 6]);
  });

  it("a scope that throws gives its memory back", () => {
    const { used } = memoryUsage();
    const fail = (): never => {
      allocate(MIB, "float32");
      throw new Error("on purpose");
    };
    expect(() => scope(fail)).toThrow("on purpose");
    expect(memoryUsage().used).toBe(used);
  });

  it("persistent floats outlive scopes, and go when disposed of, once", () => {
    const { used } = memoryUsage();
    const array = scope(() => allocatePersistent(1000, "float32"));
    expect(memoryUsage().used).toBeGreaterThan(used);
    expect(array.every((value) => value === 0)).toBe(true);
    dispose(array);
    dispose(array);
    dispose(new Float32Array(3));
    expect(memoryUsage().used).toBe(used);
  });

  it("persistent floats go when nobody holds them, but not while a parameter does", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const held = zeros([1000], { lifetime: "persistent" });
    const { used } = memoryUsage();
    (() => zeros([5000], { lifetime: "persistent" }))();
    for (let i = 0; i < 50 && memoryUsage().used > used; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(memoryUsage().used).toBeLessThanOrEqual(used);
    expect(held.data.every((value) => value === 0)).toBe(true);
  });

  it("ordinary floats, float64, and everything under the plain kernels stay out of it", () => {
    expect(allocate(10, "float32").buffer).toBeInstanceOf(ArrayBuffer);
    scope(() => expect(allocate(10, "float64").buffer).toBeInstanceOf(ArrayBuffer));
    expect(allocatePersistent(10, "float64").buffer).toBeInstanceOf(ArrayBuffer);
    useKernels("js");
    scope(() => expect(allocate(10, "float32").buffer).toBeInstanceOf(ArrayBuffer));
    expect(allocatePersistent(10, "float32").buffer).toBeInstanceOf(ArrayBuffer);
    useKernels("simd");
  });

  it("a call gives back what it copied", () => {
    const { used } = memoryUsage();
    const c = new Float32Array(50 * 60);
    kernels.matmul(c, new Float32Array(50 * 70).fill(1), new Float32Array(70 * 60).fill(1), 50, 70, 60);
    expect(c.every((value) => value === 70)).toBe(true);
    expect(memoryUsage().used).toBe(used);
  });
});
