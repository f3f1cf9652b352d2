import { afterEach, describe, expect, test, vi } from "vitest";
import { ProgressLine } from "../../src/cli/progress.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Everything a progress line writes to a standard error of this many columns, or to a pipe. */
function written(columns: number | undefined, use: (line: ProgressLine) => void): string {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { stderr } = process;
  const before = { isTTY: stderr.isTTY, columns: stderr.columns };
  let text = "";
  vi.spyOn(stderr, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  Object.assign(stderr, { isTTY: columns !== undefined, columns });
  try {
    use(new ProgressLine(10, undefined));
  } finally {
    Object.assign(stderr, before);
  }
  return text;
}

const report = {
  kind: "step",
  step: 1,
  epoch: 1,
  stepInEpoch: 1,
  stepsPerEpoch: 100,
  loss: 2,
  count: 500,
  lr: 0.1,
  seconds: 1,
} as const;

describe("the progress line", () => {
  test("is redrawn in place on a terminal, never wider than it, and taken away at the end", () => {
    const text = written(40, (line) => {
      for (let step = 1; step <= 3; step++) {
        vi.advanceTimersByTime(250);
        line.step({ ...report, stepInEpoch: step });
      }
      line.clear();
      line.clear();
    });
    const drawn = text.split("\r\x1b[K");
    expect(drawn).toHaveLength(5);
    expect(drawn[1]).toMatch(/^epoch 1\/10 {2}step 1\/100 {2}loss 2\.000$/);
    expect(drawn.every((line) => line.length < 40 && !line.includes("\n"))).toBe(true);
    expect([drawn[0], drawn[4]]).toEqual(["", ""]);
  });

  test("tells speed and time left only when both 2 s and 10 steps have shown them", () => {
    const drawn = (every: number, steps: number): string[] =>
      written(200, (line) => {
        vi.advanceTimersByTime(60_000); // reading the data is no step
        for (let step = 1; step <= steps; step++) {
          line.step({ ...report, stepInEpoch: step });
          vi.advanceTimersByTime(every);
        }
      }).split("\r\x1b[K");
    const quick = drawn(250, 11);
    expect(quick.slice(1, 9).every((line) => line.endsWith("loss 2.000"))).toBe(true);
    expect(drawn(1000, 10).at(-1)).toMatch(/loss 2\.000$/);
    expect(drawn(1000, 11).at(-1)).toMatch(/ {2}500 tokens\/s {2}16 min 29 s left$/);
    expect(quick.at(-1)).toMatch(/ {2}2,000 tokens\/s {2}4 min 07 s left$/);
  });

  test("is a plain whole line now and then when piped", () => {
    const text = written(undefined, (line) => {
      for (let step = 1; step <= 50; step++) {
        vi.advanceTimersByTime(500);
        line.step({ ...report, stepInEpoch: step });
      }
      line.note("done");
      line.clear();
    });
    const lines = text.split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[1]).toBe("epoch 1/10  step 40/100  loss 2.000  1,000 tokens/s  8 min 00 s left");
    expect(lines[2]).toBe("done");
    expect(text).not.toContain("\r");
  });
});
