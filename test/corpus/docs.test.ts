import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { countReachable, generateCorpus, type Level, lexiconSize } from "../../src/corpus/index.js";
import { words } from "../../src/corpus/splits.js";
import { samplesOf } from "./samples.js";

const path = new URL("../../docs/corpus.md", import.meta.url);
const LEVELS: readonly Level[] = [1, 2, 3];
const number = (value: number) => value.toLocaleString("en-US");

/** The row of a level in the table of counts; the vocabulary is that of 20,000 pairs, or of all when there are fewer. */
function countsRow(level: Level): string {
  const reachable = countReachable(level);
  const pairs = generateCorpus({ level, size: Math.min(reachable, 20_000), seed: 1 });
  const vocabulary = (side: "source" | "target") => new Set(pairs.flatMap((pair) => words(pair[side]))).size;
  return `| ${level} | ${number(reachable)} | ${number(vocabulary("source"))} | ${number(vocabulary("target"))} |`;
}

/** What must stand between a pair of markers of docs/corpus.md. */
const GENERATED: Readonly<Record<string, () => readonly string[]>> = {
  lexicon: () => [`The lexicon has **${number(lexiconSize)}** entries.`],
  counts: () => [
    "| level | distinct pairs | English words | French words |",
    "| --: | --: | --: | --: |",
    ...LEVELS.map(countsRow),
  ],
  ...Object.fromEntries(
    LEVELS.map((level) => [
      `samples ${level}`,
      () => ["| construction | English | French |", "| --- | --- | --- |", ...samplesOf(level)],
    ]),
  ),
};

/** A table as it reads, however its columns are padded: Markdown formatters align them. */
const unaligned = (table = ""): string => table.replace(/ {2,}/g, " ").replace(/-{2,}/g, "--");

describe("docs/corpus.md", () => {
  it.each(Object.keys(GENERATED))("shows what the code gives: %s", (name) => {
    const text = readFileSync(path, "utf8");
    const found = new RegExp(`(<!-- ${name} -->\n\n)([^]*?)(\n\n<!-- end -->)`).exec(text);
    const expected = GENERATED[name]().join("\n");
    if (process.env.UPDATE_DOCS && found) {
      writeFileSync(
        path,
        text.replace(found[0], () => found[1] + expected + found[3]),
      );
    } else expect(unaligned(found?.[2])).toBe(unaligned(expected));
  });
});
