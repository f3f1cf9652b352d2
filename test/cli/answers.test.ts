import { describe, expect, test } from "vitest";
import { Answers } from "../../src/cli/answers.js";
import type { Translator } from "../../src/seq2seq/index.js";

/** A translator that shouts, knows no word with a z, and cannot bear the word "bad". */
const shouting = {
  source: { tokenizer: { kind: "word" } },
  unknownWords: (text: string) => text.split(" ").filter((word) => word.includes("z")),
  translate: (texts: readonly string[]) => {
    if (texts.includes("bad")) throw new RangeError("expected a good line");
    return texts.map((text) => text.toUpperCase());
  },
} as unknown as Translator;
const plainly = { search: {}, json: false, hasPrefixes: false, called: "standard input: line" };
const answers = () => new Answers(shouting, plainly);

describe("Answers", () => {
  test("come in one piece, and are counted", () => {
    const some = answers();
    expect([...some.to(["a", "", "b"])]).toEqual(["A\n\nB\n"]);
    expect([...some.to(["c"])]).toEqual(["C\n"]);
    expect(some.count).toBe(4);
  });

  test("name a line that cannot be translated, after the answers to those before it", () => {
    const some = answers();
    expect([...some.to(["a"])]).toEqual(["A\n"]);
    const given: string[] = [];
    expect(() => {
      for (const text of some.to(["b", "c", "bad", "d"])) given.push(text);
    }).toThrow(new Error("standard input: line 4: expected a good line"));
    expect(given).toEqual(["B\n", "C\n"]);
    const texts = new Answers(shouting, { ...plainly, called: "text" });
    expect(() => [...texts.to(["bad"])]).toThrow(new Error("text 1: expected a good line"));
  });

  test("have what stands behind a tab for the beginning, where that is asked for", () => {
    const asked = (hasPrefixes: boolean) =>
      new Answers(shouting, { ...plainly, search: { beam: 2 }, hasPrefixes }).asked(["a b\tc\td", "e", "\tf"]);
    expect(asked(true)).toEqual({
      texts: ["a b", "e", ""],
      search: { beam: 2, targetPrefixes: ["c\td", "", "f"] },
    });
    expect(asked(false)).toEqual({ texts: ["a b\tc\td", "e", "\tf"], search: { beam: 2 } });
  });

  test("warn of a line that is no sentence, by its number", () => {
    const some = answers();
    [...some.to(["a", "b"])];
    expect(some.warnings(["c", "x".repeat(5001), "x".repeat(5000)])).toEqual([
      "standard input: line 4 has 5,001 characters, and takes its time",
    ]);
  });

  test("tell each unknown word once, the first few by name, and a great many by no number", () => {
    const some = answers();
    expect(some.takeUnknown()).toBeNull();
    [...some.to(["zig zag", "zag zug"])];
    expect(some.takeUnknown()).toBe("3 words unknown to the model: zig, zag, zug");
    expect(some.takeUnknown()).toBeNull();
    [...some.to([Array.from({ length: 20_000 }, (_, i) => `z${i}`).join(" ")])];
    expect(some.takeUnknown()).toBe("more than 10,000 words unknown to the model: z0, z1, z2, z3, z4, …");
  });
});
