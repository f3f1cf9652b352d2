import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Generator, seq2seq } from "../../../../src/index.js";
import { temporaryFolder } from "../../../support/folder.js";
import { checkpointIn } from "../../../support/line.js";

const { MemoryStore, TextGenerator, trainTextGenerator } = seq2seq;
const text = "the cat sat.\nthe dog sat.\n".repeat(60);
const small = {
  train: text,
  model: { hiddenSize: 24 },
  ...{ batchSize: 4, sequenceLength: 20, lr: 0.02, epochs: 6, threads: 1, seed: 1 },
} as const;

describe("trainTextGenerator", () => {
  test("learns how a text goes on, and saves what it learned", async () => {
    const folder = join(temporaryFolder(), "model");
    const starts: seq2seq.TextGeneratorStart[] = [];
    const { generator, best } = await trainTextGenerator({ ...small, folder, onStart: (start) => starts.push(start) });
    const { trainTokens, validTokens, outputSize, criterion } = starts[0];
    expect([trainTokens + validTokens, criterion]).toEqual([text.length, "loss"]);
    expect(validTokens).toBeGreaterThan(text.length / 25);
    expect(outputSize).toBe(4 + new Set(text).size);
    expect(best.loss).toBeLessThan(0.35); // a line is one of two
    const options = { length: 9, topK: 1 };
    expect(generator.generate(["the c", "the d"], options)).toEqual(["at sat.\nt", "og sat.\nt"]);
    const loaded = TextGenerator.load(folder);
    expect(loaded.generate(["the c"], options)).toEqual(["at sat.\nt"]);
    const drawn = (seed: number) => loaded.generate([""], { length: 30, generator: new Generator(seed) })[0];
    expect([drawn(1), drawn(1).length]).toEqual([drawn(1), 30]);
    expect(new Set([1, 2, 3, 4].map(drawn)).size).toBeGreaterThan(1);
  });

  test("tells the loss of a text, as the validation does", async () => {
    const valid = "the dog sat.\nthe cat sat.\n".repeat(9);
    const { generator, best } = await trainTextGenerator({ ...small, valid, epochs: 3 });
    expect(generator.loss(valid)).toBe(best.loss);
    expect(generator.loss(valid.replace(/cat/g, "act"))).toBeGreaterThan(best.loss + 0.1);
    expect(() => generator.loss("t")).toThrow("loss: expected a text of at least 2 tokens, got 1");
    expect(() => generator.loss(3 as never)).toThrow("loss: expected a text, got 3");
  });

  test("keeps line breaks between words, too", async () => {
    const { generator } = await trainTextGenerator({ ...small, tokenizer: "word", epochs: 12 });
    expect(generator.generate(["the cat sat.\nthe dog"], { length: 4, topK: 1 })[0]).toMatch(
      /^sat\.\nthe (cat|dog)$|^ ?sat\.\nthe$/,
    );
    expect(generator.unknownWords("the zebra.\nthe zebra sat\n")).toEqual(["zebra"]);
    expect(() => generator.unknownWords(3 as never)).toThrow("unknownWords: expected a text, got 3");
  });

  test("writes what goes right behind a context: a space first, where a word follows a word", async () => {
    const { generator } = await trainTextGenerator({ ...small, tokenizer: "word", epochs: 12 });
    const [bare, spaced] = generator.generate(["the cat", "the cat "], { length: 2, topK: 1 });
    expect([bare, spaced]).toEqual([" sat.", "sat."]);
    expect(generator.generate(["the cat sat.\n"], { length: 1, topK: 1 })).toEqual(["the"]);
  });

  test("writes as many tokens as it is asked for: a text without an end never ends", async () => {
    const { generator } = await trainTextGenerator({ ...small, epochs: 1 });
    const lengths = (options: object) =>
      generator
        .generate(new Array(40).fill("the"), { length: 50, generator: new Generator(1), ...options })
        .map((written) => written.length);
    for (const options of [{ temperature: 5 }, { temperature: 5, topK: 3 }, { temperature: 5, topP: 0.99 }]) {
      expect(new Set(lengths(options))).toEqual(new Set([50]));
    }
  });

  test("sets the last twentieth aside, of few long lines too, and never half a character", async () => {
    const sizes = async (train: string) => {
      const starts: seq2seq.TextGeneratorStart[] = [];
      const options = { train, onStart: (start: seq2seq.TextGeneratorStart) => starts.push(start) };
      const { generator } = await trainTextGenerator({ ...small, epochs: 1, ...options });
      return [starts[0].trainTokens, starts[0].validTokens, generator.language.vocabulary.size];
    };
    expect(await sizes(`Title\n${"the cat ".repeat(120)}`)).toEqual([917, 49, 4 + 10]);
    expect(await sizes("😀😁😂".repeat(30) + "a".repeat(1))).toEqual([85, 6, 4 + 3]);
  });

  test("goes on bit for bit in the middle of an epoch, states carried", async () => {
    const losses = (into: number[]) => ({ onStep: ({ loss }: seq2seq.StepEvent) => void into.push(loss) });
    const whole: number[] = [];
    await trainTextGenerator({
      ...small,
      cell: undefined,
      model: { hiddenSize: 8, cell: "lstm" },
      ...losses(whole),
    } as never);
    const store = new MemoryStore();
    const stopping = new AbortController();
    const first: number[] = [];
    await trainTextGenerator({
      ...{ ...small, model: { hiddenSize: 8, cell: "lstm" }, store, signal: stopping.signal },
      onStep({ loss, step }) {
        first.push(loss);
        if (step === 27) stopping.abort();
      },
    });
    const { tensors } = await checkpointIn(store);
    expect(Object.keys(tensors).filter((name) => name.startsWith("carried."))).toEqual(["carried.0", "carried.1"]);
    const rest: number[] = [];
    await trainTextGenerator({ train: text, store, resume: true, ...losses(rest) });
    expect([...first, ...rest]).toEqual(whole);
  });

  test.each<[string, object, string]>([
    [
      "more layers than memory has",
      { model: { numLayers: 1e9 } },
      "train: expected a model of at most 2^31 numbers, got",
    ],
    ["no text", { train: 3 }, "train: expected train to be a string, got 3"],
    ["too little text", { train: "ab" }, "train: expected a training text of at least 8 tokens, got 1"],
    ["no validation text", { valid: "" }, "train: expected a validation text of at least 2 tokens, got 0"],
    [
      "a setting of translation",
      { labelSmoothing: 0.1 },
      "train: expected no labelSmoothing with task generate, got 0.1",
    ],
    ["a model's setting beside it", { hiddenSize: 3 }, "hiddenSize"],
    ["an attention", { model: { attention: "dot" } }, 'train: expected no attention with task generate, got "dot"'],
    [
      "tied tables of two widths",
      { model: { hiddenSize: 8, embeddingSize: 4, tied: "decoder" } },
      "embeddingSize 8 with tied",
    ],
  ])("refuses %s", async (_, options, message) => {
    await expect(trainTextGenerator({ ...small, ...options })).rejects.toThrow(message);
  });

  test("refuses the folder of another kind of model, by name", async () => {
    const store = new MemoryStore();
    await trainTextGenerator({ ...small, epochs: 1, store });
    const files = Object.fromEntries(
      await Promise.all(
        ["config.json", "target.json", "model.safetensors"].map(async (name) => [name, await store.read(name)]),
      ),
    );
    const wanted = 'config.json: expected the model of task translate, got one of "generate"';
    expect(() => seq2seq.Translator.fromFiles({ ...files, "source.json": files["target.json"] })).toThrow(wanted);
  });
});
