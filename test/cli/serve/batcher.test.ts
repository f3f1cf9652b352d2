import { setMaxListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Batcher, type Outcome, QueueFull } from "../../../src/cli/serve/batcher.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A batcher whose batches the test ends one by one. */
function controlled({ size = 4, gather = 5, queue = 100, weight = 100 } = {}) {
  const batches: { work: readonly string[]; signal: AbortSignal }[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batcher = new Batcher<string, string>(
    (work, signal) =>
      new Promise((resolve, reject) => {
        batches.push({ work, signal });
        const outcome = (own: string): Outcome<string> =>
          own === "bad" ? { error: new Error("this one") } : { result: own.toUpperCase() };
        ends.push((error) => (error ? reject(error) : resolve(work.map(outcome))));
      }),
    { size, gather, queue, weight, blame: (error) => error, weigh: ({ length }) => length },
  );
  const end = async (error?: Error): Promise<void> => {
    ends.shift()!(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { batcher, end, works: () => batches.map(({ work }) => work), signals: () => batches.map((b) => b.signal) };
}

const never = new AbortController().signal;
setMaxListeners(0, never); // it is that of many requests, which have one each elsewhere

describe("a batch", () => {
  test("waits for others as long as it may, and then has all that came, each with its own result", async () => {
    const { batcher, end, works } = controlled();
    const first = batcher.add("k", ["a"], never);
    await vi.advanceTimersByTimeAsync(4);
    const second = batcher.add("k", ["b", "c"], never);
    expect([works(), batcher.waiting]).toEqual([[], 3]);
    await vi.advanceTimersByTimeAsync(1.1);
    expect([works(), batcher.waiting, batcher.running]).toEqual([[["a", "b", "c"]], 0, 3]);
    await end();
    expect([await first, await second]).toEqual([["A"], ["B", "C"]]);
    expect(batcher.running).toBe(0);
  });

  test("begins at once when it is full, and has no more than fit", async () => {
    const { batcher, end, works } = controlled({ size: 2 });
    const all = batcher.add("k", ["a", "b", "c"], never);
    expect(works()).toEqual([["a", "b"]]);
    await end();
    await vi.advanceTimersByTimeAsync(5);
    await end();
    expect(works()).toEqual([["a", "b"], ["c"]]);
    expect(await all).toEqual(["A", "B", "C"]);
  });

  test("has no more than may weigh together, but for one that weighs more by itself", async () => {
    const { batcher, end, works } = controlled({ weight: 5 });
    void batcher.add("k", ["aa", "bbb", "c", "dddddd", "e"], never);
    for (let i = 0; i < 3; i++) await end();
    await vi.advanceTimersByTimeAsync(5);
    expect(works()).toEqual([["aa", "bbb"], ["c"], ["dddddd"], ["e"]]);
  });

  test("is alone: others wait until it has ended, and go at once then", async () => {
    const { batcher, end, works } = controlled({ gather: 0 });
    void batcher.add("k", ["a"], never);
    await vi.advanceTimersByTimeAsync(50);
    void batcher.add("k", ["b"], never);
    void batcher.add("k", ["c"], never);
    await vi.advanceTimersByTimeAsync(50);
    expect(works()).toEqual([["a"]]);
    await end();
    expect(works()).toEqual([["a"], ["b", "c"]]);
  });

  test("holds one key alone, that of the first, and no key starves", async () => {
    const { batcher, end, works } = controlled({ gather: 0 });
    void batcher.add("x", ["busy"], never);
    await vi.advanceTimersByTimeAsync(0);
    for (const [key, work] of ["xa", "yb", "xc", "zd", "ye"]) void batcher.add(key, [work], never);
    for (let i = 0; i < 4; i++) await end();
    expect(works()).toEqual([["busy"], ["a", "c"], ["b", "e"], ["d"]]);
  });
});

describe("the queue", () => {
  test("takes all of a group or nothing", async () => {
    const { batcher, end } = controlled({ gather: 0, queue: 3 });
    const running = batcher.add("k", ["a"], never);
    await vi.advanceTimersByTimeAsync(0);
    const waiting = batcher.add("k", ["b", "c"], never);
    await expect(batcher.add("k", ["d", "e"], never)).rejects.toBeInstanceOf(QueueFull);
    const last = batcher.add("k", ["f"], never);
    expect(batcher.waiting).toBe(3);
    await end();
    await end();
    expect([await running, await waiting, await last]).toEqual([["A"], ["B", "C"], ["F"]]);
  });

  test("has no place for what nobody waits for", async () => {
    const { batcher, works } = controlled();
    const gone = new AbortController();
    const left = batcher.add("k", ["a", "b"], gone.signal);
    gone.abort(new Error("late"));
    await expect(left).rejects.toThrow("late");
    await expect(batcher.add("k", ["c"], gone.signal)).rejects.toThrow("late");
    await vi.advanceTimersByTimeAsync(10);
    expect([works(), batcher.waiting]).toEqual([[], 0]);
    expect(await batcher.add("k", [], never)).toEqual([]);
  });
});

describe("what goes wrong", () => {
  test("with one of a group is told to the group, whose rest is dropped, and to nobody else", async () => {
    const { batcher, end, works } = controlled({ size: 2, gather: 0 });
    const bad = batcher.add("k", ["bad", "b", "c"], never);
    const good = batcher.add("k", ["d"], never);
    const refused = expect(bad).rejects.toThrow("this one");
    await end();
    await refused;
    await end();
    expect(works()).toEqual([["bad", "b"], ["d"]]);
    expect(await good).toEqual(["D"]);
  });

  test("with all of a batch is told to all of it, and the next goes on", async () => {
    const { batcher, end } = controlled({ size: 2 });
    const both = [batcher.add("k", ["a"], never), batcher.add("k", ["b"], never)];
    const next = batcher.add("k", ["c"], never);
    const refused = Promise.all(both.map((own) => expect(own).rejects.toThrow("no model")));
    await vi.advanceTimersByTimeAsync(0);
    await end(new Error("no model"));
    await refused;
    await vi.advanceTimersByTimeAsync(5);
    await end();
    expect(await next).toEqual(["C"]);
  });

  test("is computed no further once all who wait for a batch are gone, and not before", async () => {
    const { batcher, end, signals } = controlled();
    const [one, two] = [new AbortController(), new AbortController()];
    const both = [batcher.add("k", ["a"], one.signal), batcher.add("k", ["b"], two.signal)];
    const refused = Promise.all(both.map((own) => expect(own).rejects.toThrow("gone")));
    await vi.advanceTimersByTimeAsync(5);
    one.abort(new Error("gone"));
    expect(signals()[0].aborted).toBe(false);
    two.abort(new Error("gone"));
    expect(signals()[0].aborted).toBe(true);
    await refused;
    await end();
    expect(batcher.running).toBe(0);
  });
});
