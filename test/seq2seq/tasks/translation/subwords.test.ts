import { describe, expect, test } from "vitest";
import { MemoryStore } from "../../../../src/seq2seq/files/memoryStore.js";
import { bleu } from "../../../../src/seq2seq/metrics/index.js";
import type { TrainTranslatorOptions } from "../../../../src/seq2seq/tasks/translation/trainOptions.js";
import { trainTranslator } from "../../../../src/seq2seq/tasks/translation/trainTranslator.js";
import { Translator } from "../../../../src/seq2seq/tasks/translation/translator.js";
import type { SubwordTokenizer } from "../../../../src/seq2seq/text/index.js";
import { reversedDigits } from "../../../support/digits.js";

const WORDS = ["nothing", "seventeen,", "nineteen", "(sixteen)"];
const spell = (digits: string): string => digits.replace(/\d/g, (digit) => WORDS[Number(digit)]);
const pairs = reversedDigits(4, 3, 1).map(({ source, target }) => ({ source: spell(source), target: spell(target) }));

const run = {
  train: pairs.slice(0, 64),
  valid: pairs.slice(64),
  model: { hiddenSize: 16 },
  batchSize: 16,
  epochs: 2,
  lr: 0.01,
  subwords: 20,
  jointSubwords: true,
  subwordDropout: 0.2,
} satisfies TrainTranslatorOptions;

/** What a store holds, but for the time that it took. */
async function kept(store: MemoryStore): Promise<Record<string, Uint8Array | null>> {
  const names = ["config.json", "source.json", "target.json", "model.safetensors", "checkpoint.safetensors"];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await store.read(name)] as const)));
}

describe("a translator over subwords", () => {
  test("learns with dropout, translates without, and is read back from its files", async () => {
    const { translator, best } = await trainTranslator({ ...run, model: { hiddenSize: 32 }, epochs: 30 });
    expect(best.exact).toBeGreaterThan(20); // by chance it would be about 1 in 60
    const { source, target } = translator;
    expect(source.vocabulary.equals(target.vocabulary)).toBe(true);
    const texts = run.valid.map((pair) => pair.source);
    const copy = Translator.fromFiles(translator.files());
    expect(copy.translate(texts)).toEqual(translator.translate(texts));
    expect(copy.source.tokenizer.toJSON()).toEqual(source.tokenizer.toJSON());
    expect((copy.source.tokenizer as SubwordTokenizer).bpe.merges).toHaveLength(20);
    for (const { target: text } of pairs) {
      expect(translator.decodeTarget(translator.encodeTarget(text))).toBe(text);
      expect(translator.unknownWords(text)).toEqual([]);
    }
    expect(translator.unknownWords("nothing sixteenx (")).toEqual(["sixteenx"]);
    const { source: labels } = translator.align("sixteens (", "nothing") ?? {};
    expect(labels?.join(" ").replaceAll("@@ ", "")).toBe("sixteen<unk> ( <eos>");
    expect(labels?.length).toBeGreaterThan(3);
  });

  test("cuts anew in each epoch, and resumed within one cuts as it did", async () => {
    const [whole, parted, plain] = [new MemoryStore(), new MemoryStore(), new MemoryStore()];
    const counts: number[] = [];
    await trainTranslator({ ...run, store: whole, onStep: ({ count }) => void counts.push(count) });
    const sum = (some: readonly number[]) => some.reduce((total, each) => total + each, 0);
    const half = counts.length / 2;
    expect(sum(counts.slice(0, half))).not.toBe(sum(counts.slice(half)));
    const signal = { aborted: false };
    const onStep = ({ step }: { step: number }) => {
      signal.aborted = step === half + 2;
    };
    await trainTranslator({ ...run, store: parted, signal, onStep });
    expect(await kept(parted)).not.toEqual(await kept(whole));
    await trainTranslator({ ...run, store: parted, resume: true });
    expect(await kept(parted)).toEqual(await kept(whole));
    counts.length = 0;
    await trainTranslator({ ...run, subwordDropout: 0, store: plain, onStep: ({ count }) => void counts.push(count) });
    expect(sum(counts.slice(0, half))).toBe(sum(counts.slice(half)));
  });

  test("trains on with its own pieces, and no others", async () => {
    const { translator: from } = await trainTranslator({ ...run, subwordDropout: 0 });
    const { subwords: _, jointSubwords: __, ...rest } = run;
    const { translator } = await trainTranslator({ ...rest, from });
    expect(translator.files()["source.json"]).toEqual(from.files()["source.json"]);
    await expect(trainTranslator({ ...run, from })).resolves.toBeDefined();
    await expect(trainTranslator({ ...run, subwords: 9, from })).rejects.toThrow(
      "train: expected subwords 20, as the model to begin with has it, got 9",
    );
    await expect(trainTranslator({ ...run, jointSubwords: false, from })).rejects.toThrow(
      "train: expected jointSubwords true, as the model to begin with has it, got false",
    );
  });
});

test.each<[Partial<TrainTranslatorOptions>, string]>([
  [{ jointSubwords: true }, "train: expected subwords with jointSubwords, got none"],
  [{ subwordDropout: 0.1 }, "train: expected subwords with subwordDropout, got none"],
  [
    { subwords: 9, tokenizer: "character" },
    'train: expected subwords of words, got subwords 9 with tokenizer "character"',
  ],
  [{ subwords: 0 }, "train: expected subwords to be an integer ≥ 1, got 0"],
])("refuses %j before any pair is read", async (options, message) => {
  const unread = (async function* () {
    yield await Promise.reject(new Error("a pair was read"));
  })();
  await expect(trainTranslator({ train: unread, ...options })).rejects.toThrow(new RangeError(message));
});

test("text that was tokenised before is scored as it is", async () => {
  const texts = ["a man &apos;s dog runs x,y .", "no man &apos;s cat sits x,z .", "the man &apos;s dog sits x,y !"];
  const train = Array.from({ length: 60 }, (_, i) => ({ source: texts[i % 3], target: texts[i % 3] }));
  const { translator, best } = await trainTranslator({
    ...{ train, valid: train.slice(0, 3), tokenizer: "space", epochs: 3, lr: 0.01, seed: 1 },
    model: { hiddenSize: 16 },
  });
  const translations = translator.translate(texts);
  const own = bleu(translations, texts, { tokenize: "none" }).score;
  expect(own).not.toBe(bleu(translations, texts).score); // 13a would cut "x,y" and "&apos;s"
  expect(best.bleu).toBe(own);
});
