import { beforeAll, describe, expect, test } from "vitest";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";

beforeAll(() => buildOnce(), 120_000);

describe("digits", () => {
  const small = ["--pairs", "300", "--epochs", "1", "--threads", "1"];
  test.each(["reversal", "addition"])("%s trains and counts what is right of unseen pairs", (name) => {
    const { code, out, err } = example(`digits/${name}.mjs`, small);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ of 1000 unseen .* without a mistake$/m)]);
    expect(err).toMatch(/^300 pairs, [\d]+ parameters/);
  });
});
