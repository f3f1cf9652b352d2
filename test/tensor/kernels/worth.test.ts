import { describe, expect, it } from "vitest";
import { Worth } from "../../../src/tensor/kernels/wasm/worth.js";

/** Jobs of eight pieces of 1 ms, of which each takes `took`, for so many milliseconds; returns how long they were shared. */
function run(worth: Worth, took: number, from: number, to: number, quickest = 1): number {
  let shared = 0;
  for (let now = from; now < to; ) {
    const isShared = worth.isLikely(now);
    const ms = isShared ? took : 8;
    now += ms;
    if (!isShared) continue;
    shared += ms;
    worth.count("job", 8, quickest, ms, now);
  }
  return shared;
}

describe("work is shared among threads", () => {
  it("as long as that saves time", () => {
    expect(run(new Worth(), 4.4, 0, 4400)).toBeCloseTo(4400, 6);
    expect(run(new Worth(), 7.9, 0, 7900)).toBeGreaterThan(7899);
  });

  it("hardly ever where it costs time", () => {
    for (const took of [9, 12, 16]) {
      const worth = new Worth();
      run(worth, took, 0, 10_000);
      expect(run(worth, took, 10_000, 40_000) / 30_000).toBeLessThan(0.07);
    }
  });

  it("at a cost of one part in a hundred where a worker has the calling thread's core", () => {
    const worth = new Worth();
    run(worth, 16, 0, 10_000);
    const shared = run(worth, 16, 10_000, 70_000);
    expect(shared / 2 / 60_000).toBeLessThan(0.01);
    expect(shared).toBeGreaterThan(0);
  });

  it("again, some seconds after it has begun to save time", () => {
    const worth = new Worth();
    run(worth, 16, 0, 30_000);
    expect(run(worth, 4.4, 30_000, 40_000)).toBeGreaterThan(6900);
  });

  it("whoever does the pieces: with none by the calling thread, those of jobs before tell what they take", () => {
    const worth = new Worth();
    expect(worth.isLikely(0)).toBe(true);
    for (let i = 0; i < 5; i++) worth.count("other", 8, Number.POSITIVE_INFINITY, 100, 0);
    expect(worth.isLikely(0)).toBe(true); // nothing to compare with
    worth.count("job", 8, 1, 4.4, 0);
    for (let i = 0; i < 20; i++) worth.count("job", 8, Number.POSITIVE_INFINITY, 16, 0);
    expect(worth.isLikely(0)).toBe(false);
  });
});
