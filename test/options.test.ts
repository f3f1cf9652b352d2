import { describe, expect, it, test } from "vitest";
import { nearest } from "../src/nearest.js";
import { checkOptions, flag, integer, type OptionTable, readOptions } from "../src/options.js";

describe("the nearest name", () => {
  const known = ["numLayers", "batchFirst", "lr", "bias"];
  it.each([
    ["num_layers", "numLayers"],
    ["BatchFirst", "batchFirst"],
    ["numLayer", "numLayers"],
    ["bais", "bias"],
    ["lr", "lr"],
    ["l", null],
    ["something", null],
    ["numLayers".repeat(20_000), null],
    ["", null],
  ])("to %s is %s", (name, meant) => expect(nearest(name, known)).toBe(meant));

  it("counts letters to change, add and take away", () => {
    expect(nearest("sitting", ["kitten"])).toBe("kitten"); // three
    expect(nearest("sittings", ["kitten"])).toBeNull(); // four
  });
});

describe("options", () => {
  interface Options {
    readonly numLayers?: number;
    readonly batchFirst?: boolean;
  }
  const table: OptionTable<Options> = { numLayers: integer(1, 1), batchFirst: flag() };
  const check = (given: unknown) => () => checkOptions("GRU", table, given);

  test("an unknown one is refused by its nearest name", () => {
    expect(check({ num_layers: 2 })).toThrow(
      new TypeError("GRU: expected options among numLayers, batchFirst; got num_layers (did you mean numLayers?)"),
    );
    expect(check({ zorgle: 2 })).toThrow(/^GRU: expected options among numLayers, batchFirst; got zorgle$/);
    expect(check({ toString: 2 })).toThrow(/; got toString$/);
  });

  test("a message does not echo a long name", () => {
    expect(check({ ["x\n".repeat(100_000)]: 1 })).toThrow(/^.{1,200}$/);
  });

  test("what is no object of options is refused", () => {
    for (const given of [2, true, null, "x", [1]])
      expect(check(given)).toThrow(/^GRU: expected an object of options, got/);
    class Other {
      shape = [2];
    }
    expect(check(new Other())).toThrow("GRU: expected an object of options, got Other");
  });

  test("a value of another kind is refused", () => {
    expect(check({ batchFirst: "false" })).toThrow(
      new RangeError('GRU: expected batchFirst to be true or false, got "false"'),
    );
    expect(check({ numLayers: "2" })).toThrow('GRU: expected numLayers to be an integer ≥ 1, got "2"');
    const large = /^GRU: expected numLayers to be an integer ≥ 1 and at most 9007199254740991, got 9007199254740992$/;
    expect(check({ numLayers: 2 ** 53 })).toThrow(large);
    expect(check({ numLayers: Number.POSITIVE_INFINITY })).toThrow(/an integer ≥ 1, got Infinity$/);
  });

  test("what is needed may not be left out", () => {
    const message = "GRU: expected numLayers to be an integer ≥ 1, got undefined";
    expect(() => checkOptions("GRU", table, { batchFirst: true }, ["numLayers"])).toThrow(new RangeError(message));
    expect(() => checkOptions("GRU", table, { numLayers: 2 }, ["numLayers"])).not.toThrow();
  });

  test("what is undefined is taken for left out", () => {
    expect(check({ numLayers: undefined })).not.toThrow();
    const { batchFirst: _, ...rows } = table;
    expect(readOptions("GRU", rows, { numLayers: undefined })).toEqual({ numLayers: 1 });
  });
});
