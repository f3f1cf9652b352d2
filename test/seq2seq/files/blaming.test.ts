import { expect, it } from "vitest";
import { blaming } from "../../../src/seq2seq/files/blaming.js";

it("says whose fault it was, unless it was for want of memory", () => {
  const failing = (error: Error) => () =>
    blaming("config.json: ", () => {
      throw error;
    });
  const cause = new TypeError("expected an object");
  expect(failing(cause)).toThrow(new Error("config.json: expected an object", { cause }));
  expect(blaming("config.json: ", () => 3)).toBe(3);
  for (const message of ["Array buffer allocation failed", "Out of memory", "allocation size overflow"]) {
    expect(failing(new RangeError(message))).toThrow(new RangeError(message));
  }
  // What this runtime itself says.
  let real: Error | undefined;
  try {
    new ArrayBuffer(2 ** 52);
  } catch (error) {
    real = error as Error;
  }
  expect(failing(real as Error)).toThrow(real);
});
