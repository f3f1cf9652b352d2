import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { PersistentFloats } from "../../src/tensor/persistent.js";
import { WasmMemory } from "../../src/tensor/wasmMemory.js";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

const MIB = 2 ** 20;
/** Floats in 4 MiB, which nobody touches. */
const FLOATS = MIB;

/** Lets the collector run and finalisers be told. */
async function collected(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const fill = (floats: PersistentFloats, count: number): (Float32Array | null)[] =>
  Array.from({ length: count }, () => floats.take(FLOATS));

describe("persistent floats", () => {
  it("that nobody lets go of take at most 256 MiB between two tasks", () => {
    const memory = new WasmMemory();
    const taken = fill(new PersistentFloats(memory), 1000).filter((array) => array !== null);
    expect(taken.length).toBe(64);
    expect(memory.usage.used).toBe(256 * MIB);
  });

  it("leave room for scopes and copies in a small memory", () => {
    const memory = new WasmMemory(false);
    const floats = new PersistentFloats({ ...memory, maximum: 64 * MIB } as WasmMemory);
    expect(floats.take(13 * FLOATS)).toBeNull();
  });

  it("come back when they are given back, at once", () => {
    const memory = new WasmMemory();
    const floats = new PersistentFloats(memory);
    for (let i = 0; i < 1000; i++) floats.give(floats.take(FLOATS) as Float32Array);
    expect(memory.usage.used).toBe(0);
    const array = floats.take(FLOATS) as Float32Array;
    floats.give(array);
    floats.give(array);
    floats.give(new Float32Array(3));
    expect(memory.usage.used).toBe(0);
  });

  it("may take twice what was in use when the collector had run", async () => {
    const floats = new PersistentFloats(new WasmMemory());
    const held = fill(floats, 65);
    expect(held.at(-1)).toBeNull();
    await collected();
    const more = fill(floats, 65);
    expect(more.at(-1)).toBeNull();
    expect(more.filter((array) => array !== null).length).toBe(64);
    expect(held.length).toBe(65); // reachable until here
  });

  it("come back when nobody holds them any more, and the bound with them", async () => {
    const memory = new WasmMemory();
    const floats = new PersistentFloats(memory);
    fill(floats, 64);
    await collected();
    expect(memory.usage.used).toBe(0);
    expect(fill(floats, 65).filter((array) => array !== null).length).toBe(64);
  });

  it("weigh what they take, so that the collector runs by itself", async () => {
    const floats = new PersistentFloats(new WasmMemory());
    await collected(); // what the tests before left would be missed in the midst of this one
    const before = process.memoryUsage();
    const held = fill(floats, 10);
    const { external, rss } = process.memoryUsage();
    expect(external - before.external).toBeGreaterThanOrEqual(40 * MIB);
    expect(rss - before.rss).toBeLessThan(20 * MIB); // but nobody touches it
    expect(held.length).toBe(10);
  });
});
