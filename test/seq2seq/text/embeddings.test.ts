import { describe, expect, test } from "vitest";
import { Embedding } from "../../../src/nn/index.js";
import { readEmbeddings, setEmbeddings, Vocabulary } from "../../../src/seq2seq/text/index.js";
import { Generator } from "../../../src/tensor/index.js";

const shown = async (lines: readonly string[]) => {
  const { size, vectors } = await readEmbeddings(lines);
  return { size, vectors: Object.fromEntries([...vectors].map(([word, vector]) => [word, [...vector]])) };
};

describe("readEmbeddings", () => {
  test("reads a word and its numbers from each line", async () => {
    const expected = { size: 2, vectors: { dog: [0.5, -1], "￭.": [2, 1e-3].map(Math.fround) } };
    expect(await shown(["dog 0.5 -1", "￭. 2 1e-3"])).toEqual(expected);
    expect(await shown(["2 2", "dog 0.5 -1 ", "￭.\t2 1e-3"])).toEqual(expected); // word2vec: how many, and how wide
    expect(await shown(["dog 0.5 -1", ". . 3 4", "dog 7 7"])).toEqual({
      size: 2,
      vectors: { dog: [0.5, -1], ". .": [3, 4] },
    });
  });

  test("reads lines as they come, and keeps what a vocabulary has, with joiners or without", async () => {
    const vocabulary = Vocabulary.build([["a", "￭dog", "￭"]]);
    async function* lines() {
      yield* ["dog 1", "a 2", "cat 3", "￭ 4"];
    }
    const { vectors } = await readEmbeddings(lines(), { vocabulary });
    expect([...vectors.keys()]).toEqual(["dog", "a", "￭"]);
  });

  test.each<[readonly string[], string]>([
    [["dog 1 2", "cat 1"], 'vec: expected a word and 2 numbers in line 2, got "cat 1"'],
    [["dog 1 2", ""], 'vec: expected a word and 2 numbers in line 2, got ""'],
    [["dog 1 2", "cat 1 x"], 'vec: expected a word and 2 numbers in line 2, got "cat 1 x"'],
    [["dog 1 2", "cat 1 1e39"], "vec: expected a word and 2 numbers in line 2"],
    [["dog 1 2", "cat 1 NaN"], "vec: expected a word and 2 numbers in line 2"],
    [["dog"], 'vec: expected a word and its numbers in line 1, got "dog"'],
    [["2 3", "dog 1 2"], "vec: expected a word and 3 numbers in line 2"],
    [["3 2", "dog 1 2"], "vec: expected 3 words, as its first line says, got 1"],
    [[], "vec: expected words and their numbers, got none"],
  ])("refuses %j", async (lines, message) => {
    await expect(readEmbeddings(lines, { file: "vec" })).rejects.toThrow(message);
  });

  test("refuses a text for lines", async () => {
    await expect(readEmbeddings("dog 1 2")).rejects.toThrow(
      new TypeError('readEmbeddings: expected lines of text, got "dog 1 2"'),
    );
  });
});

describe("setEmbeddings", () => {
  const vocabulary = Vocabulary.build([["a", "a", "a", "￭dog", "￭dog", "cat"]]); // ids 4, 5, 6

  test("sets the rows of words that there are, and leaves the others", async () => {
    const embedding = new Embedding(7, 2, { generator: new Generator(1) });
    const before = embedding.weight.toArray() as number[][];
    const vectors = await readEmbeddings(["dog 1 2", "cat 3 4", "cow 5 6", "<unk> 9 9"]);
    expect(setEmbeddings(embedding, vocabulary, vectors)).toBe(2);
    expect(embedding.weight.toArray()).toEqual([...before.slice(0, 5), [1, 2], [3, 4]]);
  });

  test("prefers a token as it is to its bare form", async () => {
    const embedding = new Embedding(7, 1);
    setEmbeddings(embedding, vocabulary, await readEmbeddings(["dog 1", "￭dog 2"]));
    expect([...embedding.weight.data.subarray(5, 6)]).toEqual([2]);
  });

  test("refuses another width, and another vocabulary", async () => {
    const vectors = await readEmbeddings(["dog 1 2"]);
    expect(() => setEmbeddings(new Embedding(7, 3), vocabulary, vectors)).toThrow(
      "setEmbeddings: expected vectors of 3 numbers, got 2",
    );
    expect(() => setEmbeddings(new Embedding(8, 2), vocabulary, vectors)).toThrow(
      "setEmbeddings: expected a vocabulary of 8 tokens, got 7",
    );
  });
});
