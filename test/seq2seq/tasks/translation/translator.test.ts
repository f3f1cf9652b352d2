import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { TextOptions } from "../../../../src/seq2seq/data/prepare.js";
import { decodeSafetensors, encodeSafetensors } from "../../../../src/seq2seq/files/safetensors.js";
import type { Seq2SeqConfig } from "../../../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../../../src/seq2seq/models/seq2seq.js";
import { forcedDecoding } from "../../../../src/seq2seq/search/forced.js";
import { Translator } from "../../../../src/seq2seq/tasks/translation/translator.js";
import { Generator } from "../../../../src/tensor/index.js";
import { contents, temporaryFolder } from "../../../support/folder.js";
import { languagesOf } from "../../../support/languages.js";
import { learnBatch } from "../../../support/models.js";

const pairs = [
  { source: "The tree is tall.", target: "L'arbre est grand." },
  { source: "Is he there?", target: "Est-il là ?" },
  { source: "He doesn't eat.", target: "Il ne mange pas." },
  { source: "She has 2 cats, and a dog!", target: "Elle a 2 chats, et un chien !" },
];
const sources = pairs.map(({ source }) => source);

/** A translator that has learnt the pairs by heart. */
function learn(model: Partial<Seq2SeqConfig> = {}, text: TextOptions = {}, reverseSource = false): Translator {
  const languages = languagesOf(pairs, text);
  const sizes = { inputSize: languages.source.vocabulary.size, outputSize: languages.target.vocabulary.size };
  const generator = new Generator(1);
  const seq2seq = new Seq2Seq({ ...sizes, hiddenSize: 24, ...model }, { generator });
  const translator = new Translator({ model: seq2seq, ...languages, reverseSource });
  const encoded = pairs.map(({ source, target }) => ({
    source: translator.encodeSource(source),
    target: translator.encodeTarget(target),
  }));
  learnBatch(seq2seq, encoded, 120, 0.02);
  return translator;
}

let translator: Translator;
beforeAll(() => {
  translator = learn();
});

describe("Translator", () => {
  test("takes raw text and gives raw text", () => {
    expect(translator.translate(sources)).toEqual(pairs.map(({ target }) => target));
    expect(translator.translate(["  Is  he there?\t"])).toEqual(["Est-il là ?"]);
    expect(translator.translate(["Is he there?"], { beam: 3 })).toEqual(["Est-il là ?"]);
  });

  test("answers in order, with an empty line for an empty line", () => {
    const texts = ["", sources[3], "   ", sources[1], "", sources[0]];
    const expected = ["", pairs[3].target, "", pairs[1].target, "", pairs[0].target];
    expect(translator.translate(texts)).toEqual(expected);
    expect(translator.translate(texts, { beam: 2 })).toEqual(expected);
    expect(translator.translateNBest(texts).map((best) => best.map(({ text }) => text))).toEqual(
      expected.map((text) => (text ? [text] : [])),
    );
    expect(translator.translate([])).toEqual([]);
  });

  test("translates a sentence alike among many, beyond one batch", () => {
    const many = Array.from({ length: 150 }, (_, i) => sources[(i * 7) % 4]);
    expect(translator.translate(many)).toEqual(many.map((text) => translator.translate([text])[0]));
  });

  test("keeps a tied table once, and reads it under any of its names", () => {
    const tied = learn({ attention: "general", tied: "decoder" });
    const files = tied.files();
    const { "decoder.embedding.weight": table, ...rest } = decodeSafetensors(
      files["model.safetensors"] as Uint8Array,
    ).tensors;
    expect(Object.keys(rest)).not.toContain("decoder.out.weight");
    const read = (names: readonly string[]): Translator => {
      const tensors = { ...rest, ...Object.fromEntries(names.map((name) => [name, table])) };
      return Translator.fromFiles({ ...files, "model.safetensors": encodeSafetensors({ tensors, metadata: {} }) });
    };
    const [embedding, out] = ["decoder.embedding.weight", "decoder.out.weight"];
    for (const names of [[embedding], [out], [embedding, out]]) {
      const { model } = read(names);
      expect(model.decoder.out.weight).toBe(model.decoder.embedding.weight);
      expect(model.decoder.out.weight.toArray()).toEqual(tied.model.decoder.out.weight.toArray());
    }
    expect(() => read([])).toThrow(/^model\.safetensors: .*missing decoder\.embedding\.weight/);
  });

  test("gives the n best with scores, best first", () => {
    const [best] = translator.translateNBest([sources[1]], { beam: 4, nBest: 3 });
    expect(best).toHaveLength(3);
    expect(best[0].text).toBe("Est-il là ?");
    expect(best.map(({ score }) => score)).toEqual(best.map(({ score }) => score).sort((a, b) => b - a));
    for (const { score, logProbability } of best) expect(logProbability).toBeLessThanOrEqual(score);
  });

  test("takes words that it does not know, and any signs", () => {
    for (const text of ["Zebras?", "<eos> <pad>", "￭ ￮", "\u0000", "🦜".repeat(50), "a\u2028b"]) {
      const [translation] = translator.translate([text]);
      expect(translation).toBeTypeOf("string");
      expect(translation).not.toContain("<");
    }
  });

  test("says which words it does not know, each once and as written", () => {
    expect(sources.map((text) => translator.unknownWords(text))).toEqual([[], [], [], []]);
    expect(translator.unknownWords("Is The zorgle's zorgle tall? 'Zorgle' <eos>")).toEqual([
      "zorgle",
      "'s",
      "'",
      "Zorgle",
      "<",
      "eos",
      ">",
    ]);
    const folded = learn({}, { lowercase: true });
    expect(folded.unknownWords("THE TREE is Blue")).toEqual(["blue"]);
    const characters = learn({ hiddenSize: 4 }, { tokenizer: "character" });
    expect(characters.unknownWords("Is he 日本?")).toEqual(["日", "本"]);
  });

  test("reverses the source where the model was trained so, and only there", () => {
    const ids = translator.encodeSource(sources[0]);
    const reversed = learn({}, {}, true);
    expect(reversed.encodeSource(sources[0])).toEqual(ids.toReversed());
    expect(reversed.encodeTarget(pairs[0].target)).toEqual(translator.encodeTarget(pairs[0].target));
    expect(reversed.translate(sources)).toEqual(pairs.map(({ target }) => target));
  });
});

describe("align", () => {
  const words = ["Is", "he", "there", "?", "<eos>"];

  test.each([false, true])(
    "gives each word written the weights of the words read, in their order (reversed: %s)",
    (reverse) => {
      const attentive = learn({ attention: "general" }, {}, reverse);
      const { source, target, weights } = attentive.align("Is he there?", "Est-il là ?")!;
      expect([source, target]).toEqual([words, ["Est", "-", "il", "là", "?", "<eos>"]]);
      const raw = forcedDecoding(
        attentive.model,
        attentive.encodeSource("Is he there?"),
        attentive.encodeTarget("Est-il là ?"),
      ).attention!;
      // The end of the sentence is read last in either order.
      const columns = reverse ? [3, 2, 1, 0, 4] : [0, 1, 2, 3, 4];
      expect(weights).toEqual(raw.map((row) => columns.map((s) => row[s])));
      for (const row of weights) expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5);
      expect(attentive.align("Is he there?")).toEqual(
        attentive.align("Is he there?", attentive.translate(["Is he there?"])[0]),
      );
    },
  );

  test("marks unknown words, and is null without attention", () => {
    expect(learn({ attention: "dot" }).align("Is zorgle?")!.source).toEqual(["Is", "<unk>", "?", "<eos>"]);
    expect(translator.align("Is he there?")).toBeNull();
  });
});

describe("a saved model", () => {
  test.each<[string, Partial<Seq2SeqConfig>, TextOptions, boolean]>([
    ["gru", {}, {}, false],
    ["deep lstm in both directions", { cell: "lstm", numLayers: 2, bidirectional: true, dropout: 0.1 }, {}, true],
    ["rnn over characters", { cell: "rnn", hiddenSize: 10 }, { tokenizer: "character", lowercase: true }, false],
  ])("translates as before: %s", (_, config, text, reverse) => {
    const folder = join(temporaryFolder(), "model");
    const made = learn(config, text, reverse);
    made.save(folder);
    const loaded = Translator.load(folder);
    const more = [...sources, "The cat is there.", "2 dogs"];
    expect(loaded.translate(more)).toEqual(made.translate(more));
    expect(loaded.translateNBest(more, { beam: 3, nBest: 3 })).toEqual(
      made.translateNBest(more, { beam: 3, nBest: 3 }),
    );
    expect(loaded.model.config).toEqual(made.model.config);
    expect(loaded.model.training).toBe(false);
    loaded.save(folder, { overwrite: true });
    made.save(`${folder}2`);
    expect(contents(folder)).toEqual(contents(`${folder}2`));
  });

  test("does not take the place of anything unless told to", () => {
    const folder = temporaryFolder();
    translator.save(folder); // empty
    expect(() => translator.save(folder)).toThrow(`save: expected an empty or absent folder, got ${folder}`);
    expect(() => translator.save(join(folder, "config.json"))).toThrow(/expected an empty or absent folder/);
    writeFileSync(join(folder, "model.safetensors.seqgrad.new"), "of a save that was killed");
    translator.save(folder, { overwrite: true });
    expect(Object.keys(contents(folder))).toEqual(["config.json", "model.safetensors", "source.json", "target.json"]);
  });

  test.each<[string, (path: string) => void, string]>([
    ["a file", (path) => writeFileSync(path, "mine"), "which is no folder"],
    ["a link to nowhere", (path) => symlinkSync(`${path}-gone`, path), "which is no folder"],
    [
      "a folder with a file of another kind",
      (path) => {
        translator.save(path);
        writeFileSync(join(path, "thesis.txt"), "mine");
      },
      "which holds thesis.txt too",
    ],
    ["a folder with a folder", (path) => mkdirSync(join(path, "config.json"), { recursive: true }), "config.json too"],
  ])("never takes the place of %s", (_, make, message) => {
    const parent = temporaryFolder();
    const path = join(parent, "place");
    make(path);
    const before = readdirSync(parent, { recursive: true });
    expect(() => translator.save(path, { overwrite: true })).toThrow(message);
    expect(readdirSync(parent, { recursive: true })).toEqual(before);
  });

  test("is its files, which need no folder", () => {
    const files = translator.files();
    expect(Object.keys(files).sort()).toEqual(["config.json", "model.safetensors", "source.json", "target.json"]);
    expect(Translator.fromFiles(files).translate(sources)).toEqual(translator.translate(sources));
    expect(Translator.fromFiles(files).files()).toEqual(files);
    const { "source.json": _, ...rest } = files;
    expect(() => Translator.fromFiles(rest)).toThrow("source.json: expected a model's file of this name, got none");
    const other = learn({}, {}, true).files();
    expect(() => Translator.fromFiles({ ...files, "config.json": other["config.json"] })).toThrow(/^config\.json: /);
  });

  test("does not disturb a seeded program when it is loaded", () => {
    const folder = join(temporaryFolder(), "model");
    translator.save(folder);
    const generator = new Generator(4);
    Translator.load(folder, { generator });
    expect(generator.getState()).not.toEqual(new Generator(4).getState()); // the given one draws
  });

  describe("that is broken names the file", () => {
    /** A model without checksums, as other programs write it: what is behind them is tested here. */
    const saved = (): string => {
      const folder = join(temporaryFolder(), "model");
      translator.save(folder);
      const path = join(folder, "model.safetensors");
      const { tensors } = decodeSafetensors(readFileSync(path));
      writeFileSync(path, encodeSafetensors({ tensors, metadata: {} }));
      return folder;
    };
    const edit = (folder: string, name: string, change: (content: ReturnType<typeof JSON.parse>) => unknown): void => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")))));
    };
    const files = ["config.json", "model.safetensors", "source.json", "target.json"];

    test.each(files)("%s missing, empty, cut short, binary or a folder", (name) => {
      const folder = saved();
      const path = join(folder, name);
      const whole = readFileSync(path);
      const expectFault = (): void => {
        const lacks = name === "config.json" && !existsSync(path);
        const message = lacks ? /^load: .*model, which has no config\.json$/ : new RegExp(`^load: .*model/${name}: `);
        expect(() => Translator.load(folder)).toThrow(message);
      };
      rmSync(path);
      expectFault();
      for (const content of ["", whole.subarray(0, whole.length - 5), Buffer.alloc(300, 0xfe), "null", "[]", "{}"]) {
        writeFileSync(path, content);
        expectFault();
      }
      rmSync(path);
      mkdirSync(path);
      expectFault();
    });

    test.each<[string, string, (content: Record<string, never>) => unknown, RegExp]>([
      ["another format", "config.json", (c) => ({ ...c, format: 2 }), /config\.json: expected format 1, got 2/],
      ["no cell", "config.json", (c) => ({ ...c, model: { ...(c.model as object), cell: "tcn" } }), /config\.json: /],
      ["no size", "config.json", (c) => ({ ...c, model: { ...(c.model as object), hiddenSize: 0 } }), /config\.json: /],
      [
        "a vast size",
        "config.json",
        (c) => ({ ...c, model: { ...(c.model as object), hiddenSize: 1e12 } }),
        /config\.json: /,
      ],
      ...(["hiddenSize", "numLayers"] as const).map(
        (name) =>
          [
            `a ${name} that would take all memory`,
            "config.json",
            (c: Record<string, never>) => ({ ...c, model: { ...(c.model as object), [name]: 9e6 } }),
            /config\.json: expected a model of about the \d+ numbers in model\.safetensors, got one of \d+/,
          ] satisfies [string, string, (content: Record<string, never>) => unknown, RegExp],
      ),
      [
        "a bad dropout",
        "config.json",
        (c) => ({ ...c, model: { ...(c.model as object), dropout: 7 } }),
        /config\.json: /,
      ],
      ["no direction", "config.json", (c) => ({ ...c, reverseSource: "yes" }), /config\.json: /],
      [
        "another hidden size",
        "config.json",
        (c) => ({ ...c, model: { ...(c.model as object), hiddenSize: 25 } }),
        /model\.safetensors: .*expected \[\d+, 25\], got \[\d+, 24\]/,
      ],
      [
        "another layer",
        "config.json",
        (c) => ({ ...c, model: { ...(c.model as object), numLayers: 2 } }),
        /model\.safetensors: .*missing encoder\.gru\.weight_ih_l1/,
      ],
      [
        "another cell",
        "config.json",
        (c) => ({ ...c, model: { ...(c.model as object), cell: "rnn" } }),
        /model\.safetensors: .*unexpected encoder\.gru/,
      ],
      [
        "a shorter vocabulary",
        "target.json",
        (c) => ({ ...c, vocabulary: { tokens: ["<pad>", "<unk>", "<bos>", "<eos>"] } }),
        /target\.json: expected a vocabulary of \d+ tokens, got 4/,
      ],
      [
        "another tokeniser",
        "source.json",
        (c) => ({ ...c, tokenizer: { kind: "bpe", lowercase: false } }),
        /source\.json: /,
      ],
    ])("with %s", (_, name, change, message) => {
      const folder = saved();
      edit(folder, name, change);
      expect(() => Translator.load(folder)).toThrow(message);
    });

    test("with a weight missing or too many", () => {
      const folder = saved();
      const path = join(folder, "model.safetensors");
      const { tensors, metadata } = decodeSafetensors(readFileSync(path));
      const { "decoder.out.bias": bias, ...rest } = tensors;
      writeFileSync(path, encodeSafetensors({ tensors: { ...rest, extra: bias }, metadata }));
      expect(() => Translator.load(folder)).toThrow(
        /model\.safetensors: .*missing decoder\.out\.bias .*unexpected extra/,
      );
    });

    test.each([Number.NaN, Number.NEGATIVE_INFINITY])("with a weight of %d", (value) => {
      const folder = saved();
      const path = join(folder, "model.safetensors");
      const { tensors, metadata } = decodeSafetensors(readFileSync(path));
      tensors["decoder.out.bias"].data[3] = value;
      writeFileSync(path, encodeSafetensors({ tensors, metadata }));
      const message = `model.safetensors: decoder.out.bias: expected finite numbers, got ${value} at 3`;
      expect(() => Translator.load(folder)).toThrow(message);
    });

    test("and a weight that is not finite is not saved", () => {
      const model = new Seq2Seq(translator.model.config);
      model.decoder.out.bias!.data[3] = Number.NaN;
      const folder = join(temporaryFolder(), "model");
      const message = "model.safetensors: decoder.out.bias: expected finite numbers, got NaN at 3";
      expect(() => new Translator({ ...translator, model }).save(folder)).toThrow(message);
      expect(existsSync(folder)).toBe(false);
    });

    test.each(files)("with one bit flipped in %s, by its checksum", (name) => {
      const folder = join(temporaryFolder(), "model");
      translator.save(folder);
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const generator = new Generator(5);
      for (let i = 0; i < 20; i++) {
        const flipped = Uint8Array.from(bytes);
        flipped[generator.integer(bytes.length)] ^= 1 << generator.integer(8);
        writeFileSync(path, flipped);
        expect(() => Translator.load(folder)).toThrow(/^load: .*model\//);
      }
      writeFileSync(path, bytes);
      expect(Translator.load(folder).translate(sources)).toEqual(translator.translate(sources));
    });

    test("or the folder, where there is none", () => {
      const within = temporaryFolder();
      writeFileSync(join(within, "file"), "");
      const lacks = { none: "does not exist", file: "is a file", "file/x": "does not exist" };
      for (const [name, lack] of Object.entries({ ...lacks, ["x".repeat(300)]: "does not exist" })) {
        const folder = join(within, name);
        expect(() => Translator.load(folder)).toThrow(
          new Error(`load: expected a model folder, got ${folder}, which ${lack}`),
        );
      }
    });
  });
});
