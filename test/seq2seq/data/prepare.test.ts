import { describe, expect, test } from "vitest";
import type { Languages } from "../../../src/seq2seq/data/encode.js";
import type { EncodedPair } from "../../../src/seq2seq/data/pairs.js";
import { type CorpusOptions, prepareCorpus, preparePairs } from "../../../src/seq2seq/data/prepare.js";
import type { TextPair } from "../../../src/seq2seq/data/readPairs.js";
import { type SubwordTokenizer, UNK } from "../../../src/seq2seq/text/index.js";
import { Generator } from "../../../src/tensor/index.js";
import { languagesOf } from "../../support/languages.js";

const pair = (source: string, target: string): TextPair => ({ source, target });
const some = [pair("The  dog.", "Le chien."), pair("The cat.", "Le chat."), pair("A dog?", "Un chien\u00a0?")];
const many = Array.from({ length: 100 }, (_, i) => pair(`sentence ${i % 40}`, `phrase ${i}`));

function prepare(options: Partial<CorpusOptions>) {
  const generator = new Generator(1);
  return prepareCorpus({
    train: some,
    holdOut: 10,
    generator,
    text: {},
    maxLength: 60,
    reverseSource: false,
    ...options,
  });
}

/** Every pair as words again. */
function spelled({ source, target, train }: Awaited<ReturnType<typeof prepare>>, pairs = train.pairs): string[] {
  return Array.from({ length: pairs.length }, (_, i) => {
    const ids = pairs.at(i);
    return `${source.vocabulary.decode(ids.source).join(" ")} | ${target.vocabulary.decode(ids.target).join(" ")}`;
  });
}

describe("prepareCorpus", () => {
  test("turns pairs into ids by vocabularies of all training pairs", async () => {
    const corpus = await prepare({ valid: some.slice(0, 1) });
    expect(spelled(corpus)).toEqual(["The dog ￭. | Le chien ￭.", "The cat ￭. | Le chat ￭.", "A dog ￭? | Un chien ?"]);
    const { source, target } = languagesOf(some);
    expect(corpus.source.vocabulary.toJSON()).toEqual(source.vocabulary.toJSON());
    expect(corpus.target.vocabulary.toJSON()).toEqual(target.vocabulary.toJSON());
  });

  test("reads lists, generators and streams alike", async () => {
    function* generated() {
      yield* many;
    }
    async function* streamed() {
      yield* many;
    }
    const [list, ...others] = await Promise.all([many, generated(), streamed()].map((train) => prepare({ train })));
    for (const other of others) {
      expect(spelled(other)).toEqual(spelled(list));
      expect(spelled(other, other.valid.pairs)).toEqual(spelled(list, list.valid.pairs));
      expect(other.source.vocabulary.toJSON()).toEqual(list.source.vocabulary.toJSON());
    }
  });

  test("sets sources aside with all their translations, and knows nothing of their words", async () => {
    const corpus = await prepare({ train: many });
    const { train, valid, source, target } = corpus;
    expect(train.pairs.length + valid.pairs.length).toBe(100);
    const held = Array.from({ length: valid.pairs.length }, (_, i) => pair(valid.sourceText(i), valid.targetText(i)));
    expect(new Set(held.map((each) => each.source)).size).toBe(2);
    expect(many.filter((each) => held.some((other) => other.source === each.source))).toEqual(held);
    for (const each of held) {
      expect(source.vocabulary.has(each.source.split(" ")[1])).toBe(false);
      expect(target.vocabulary.has(each.target.split(" ")[1])).toBe(false);
    }
    expect(Array.from(valid.pairs.at(0).source)).toEqual([source.vocabulary.id("sentence"), UNK]);
  });

  test("asks the generator for nothing where validation pairs are given", async () => {
    const generator = new Generator(5);
    await prepare({ valid: some, generator });
    expect(generator.getState()).toEqual(new Generator(5).getState());
  });

  test("leaves out and counts what is empty or over-long on either side, and says which was the first", async () => {
    const odd = [
      pair("", "a"),
      pair("a", " \u200b"),
      pair("1 2 3", "1 2"),
      pair("1 2 3 4", "1"),
      pair("1", "1 2 3 4 5"),
      pair("", "1 2 3 4 5"),
    ];
    const { train, valid, source } = await prepare({
      train: [...odd, ...some],
      valid: [...some, ...odd],
      maxLength: 3,
    });
    expect(train).toMatchObject({ empty: 3, tooLong: 2, firstTooLong: { line: 4, tokens: 4 } });
    expect(train.pairs.length).toBe(4);
    expect(valid).toMatchObject({ empty: 3, tooLong: 2, firstTooLong: { line: 7, tokens: 4 } });
    // What is left out teaches no word.
    expect([source.vocabulary.has("3"), source.vocabulary.has("4")]).toEqual([true, false]);
  });

  test("builds vocabularies as the text options have it", async () => {
    const text = { lowercase: true, minFrequency: 2, maxVocabulary: 6 } as const;
    const { source, target } = await prepare({ valid: [], text });
    expect(source.vocabulary.toJSON().tokens.slice(4)).toEqual(["dog", "the"]);
    expect(target.vocabulary.toJSON().tokens.slice(4)).toEqual(["chien", "le"]);
    const { source: characters } = await prepare({ valid: [], text: { tokenizer: "character" } });
    expect(characters.tokenizer.kind).toBe("character");
  });

  describe("with subwords", () => {
    const words = [pair("low low lower", "lo lo"), pair("lowest xy", "slow"), pair("low", "lo lower lower lower")];
    const text = { tokenizer: "space", subwords: 3 } as const;
    const decoded = ({ source, target }: Languages, { source: s, target: t }: EncodedPair): string =>
      `${source.vocabulary.decode(Array.from(s)).join(" ")} | ${target.vocabulary.decode(Array.from(t)).join(" ")}`;

    test("cuts words by a BPE of each side's own training pairs", async () => {
      const corpus = await prepare({ train: words, valid: [], text });
      // Source: "l o" 5 times, "lo w</w>" 3, then "lo w" and "w e" 2. Target: "l o" 4 times (the "o" of "lo" ends its
      // word), then "w e" and others 3, and of "we r</w>" and others 3 again the last in code point order.
      expect(spelled(corpus)).toEqual([
        "low low lo@@ we@@ r | l@@ o l@@ o",
        "lo@@ we@@ s@@ t x@@ y | s@@ lo@@ w",
        "low | l@@ o lo@@ wer lo@@ wer lo@@ wer",
      ]);
      expect(corpus.train.resample).toBeUndefined();
      expect(corpus.source.vocabulary.equals(corpus.target.vocabulary)).toBe(false);
    });

    test("learns from neither what is set aside nor what has too many words, and leaves out what has too many pieces", async () => {
      const odd = [...words, pair("zz zz zz zz zz zz zz zz zz", "zz"), pair("abcdefg", "lo")];
      const { train, source, target } = await prepare({ train: odd, valid: [], text, maxLength: 6 });
      expect(train).toMatchObject({ tooLong: 3, firstTooLong: { line: 3, tokens: 10 } });
      for (const { tokenizer } of [source, target]) {
        expect((tokenizer as SubwordTokenizer).bpe.merges.filter((merge) => merge.includes("z"))).toEqual([]);
      }
    });

    test("learned jointly has one BPE and one vocabulary, counted over both sides", async () => {
      const train = [...words, pair("low", "zoo")];
      const { source, target } = await prepare({ train, valid: [], text: { ...text, jointSubwords: true } });
      expect(target.vocabulary).toBe(source.vocabulary);
      expect(target.tokenizer.toJSON()).toEqual(source.tokenizer.toJSON());
      expect((source.tokenizer as SubwordTokenizer).bpe.merges[0]).toBe("l o"); // 5 and 4 times
      for (const piece of ["x@@", "z@@"]) expect(source.vocabulary.has(piece)).toBe(true);
    });

    test("cuts anew by dropout, into pieces that are all known, in the order in which the model reads them", async () => {
      const options = { train: [pair("", "lo"), ...words], valid: [], text: { ...text, subwordDropout: 0.5 } };
      const corpus = await prepare(options);
      const backwards = await prepare({ ...options, reverseSource: true });
      const joined = (line: string): string => line.replaceAll("@@ ", "");
      const seen = new Set<string>();
      for (let seed = 0; seed < 50; seed++) {
        const sampled = corpus.train.resample?.(new Generator(seed));
        const reversed = backwards.train.resample?.(new Generator(seed));
        expect(sampled).toHaveLength(3);
        for (const [i, { source, target }] of words.entries()) {
          const line = decoded(corpus, sampled!.at(i)!);
          expect(joined(line)).toBe(`${source} | ${target}`);
          expect(Array.from(reversed!.at(i)!.source).toReversed()).toEqual(Array.from(sampled!.at(i)!.source));
          seen.add(line);
        }
      }
      expect(seen.size).toBeGreaterThan(50);
      expect(decoded(corpus, corpus.train.pairs.at(2))).toBe("low | l@@ o lo@@ wer lo@@ wer lo@@ wer");
    });

    test("cuts as without dropout where the vocabulary lacks a piece", async () => {
      const { source, target } = await prepare({ train: words, valid: [], text });
      const languages = { source, target };
      const corpus = await prepare({ train: words, valid: [], languages, text: { subwordDropout: 0.5 } });
      for (let seed = 0; seed < 20; seed++) {
        const sampled = corpus.train.resample?.(new Generator(seed));
        // "low" can only be cut into "lo@@ w" and the like, and of these the vocabulary has no "w" at its end.
        expect(decoded(corpus, sampled!.at(2)!)).toMatch(/^low \|/);
      }
    });
  });

  test("keeps the languages of a model that goes on training, and reverses where it wants that", async () => {
    const languages = languagesOf([pair("dog The .", "chien")]);
    const corpus = await prepare({ languages, valid: some, reverseSource: true });
    expect(corpus.source).toBe(languages.source);
    expect(spelled(corpus)[0]).toBe(". dog The | <unk> chien <unk>");
    expect(corpus.valid.sourceText(0)).toBe("The dog."); // as a reader would write it, with words that are unknown
    expect(corpus.valid.targetText(2)).toBe("Un chien ?");
  });

  test("tells how far it is, and lets timers in", async () => {
    const told: string[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    function* long() {
      for (let i = 0; i < 25_000; i++) yield some[i % 3];
    }
    await prepare({ train: long(), valid: some, onProgress: ({ part, pairs }) => told.push(`${part} ${pairs}`) });
    clearInterval(timer);
    expect(told).toEqual(["training 10000", "training 20000", "training 25000", "validation 3"]);
    expect(turns).toBeGreaterThan(0);
  });

  test("passes on what reading throws", async () => {
    async function* broken() {
      yield some[0];
      throw new Error("p.tsv: line 2");
    }
    await expect(prepare({ train: broken() })).rejects.toThrow(new Error("p.tsv: line 2"));
    await expect(prepare({ train: some, valid: broken() })).rejects.toThrow(new Error("p.tsv: line 2"));
  });
});

test("preparePairs gives what prepareCorpus makes of validation pairs", async () => {
  const options = { maxLength: 3, reverseSource: true };
  const corpus = await prepare({ valid: many, ...options });
  const { pairs, sourceText, targetText, ...counts } = await preparePairs(many, corpus, options);
  const { pairs: expected, sourceText: _, targetText: __, ...expectedCounts } = corpus.valid;
  expect(counts).toEqual(expectedCounts);
  expect(spelled(corpus, pairs)).toEqual(spelled(corpus, expected));
  expect([sourceText(7), targetText(7)]).toEqual([many[7].source, many[7].target]);
});
