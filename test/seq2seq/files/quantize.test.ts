import { beforeAll, describe, expect, test } from "vitest";
import { generateCorpus } from "../../../src/corpus/index.js";
import type { SafetensorsDtype } from "../../../src/seq2seq/files/dtypes.js";
import { decodeSafetensors } from "../../../src/seq2seq/files/safetensors.js";
import { decodeSealed } from "../../../src/seq2seq/files/seal.js";
import type { Files } from "../../../src/seq2seq/files/store.js";
import { bleu, encodeSafetensors, quantize, Seq2Seq, Translator } from "../../../src/seq2seq/index.js";
import { Generator, zeros } from "../../../src/tensor/index.js";
import { languagesOf } from "../../support/languages.js";
import { learnBatch } from "../../support/models.js";

const WEIGHTS = "model.safetensors";
const pairs = generateCorpus({ level: 1, size: 24 });
const sources = pairs.map(({ source }) => source);
let translator: Translator;
let files: Files;

beforeAll(() => {
  const languages = languagesOf(pairs);
  const sizes = { inputSize: languages.source.vocabulary.size, outputSize: languages.target.vocabulary.size };
  const model = new Seq2Seq({ ...sizes, hiddenSize: 32, attention: "dot" }, { generator: new Generator(1) });
  translator = new Translator({ model, ...languages });
  const encoded = pairs.map(({ source, target }) => ({
    source: translator.encodeSource(source),
    target: translator.encodeTarget(target),
  }));
  learnBatch(model, encoded, 50, 0.02);
  files = translator.files();
});

describe("quantize", () => {
  test("makes a translator of a quarter of the size that translates as well", () => {
    const small = quantize(files);
    expect(Object.keys(small)).toEqual(Object.keys(files));
    expect(small[WEIGHTS].length / files[WEIGHTS].length).toBeLessThan(0.33);
    const score = (one: Translator) =>
      bleu(
        one.translate(sources),
        pairs.map(({ target }) => target),
      ).score;
    const [before, after] = [score(translator), score(Translator.fromFiles(small))];
    expect(before).toBeGreaterThan(60);
    expect(Math.abs(after - before)).toBeLessThan(2);
  });

  test("keeps every weight near its own, and vectors as they are", () => {
    const before = translator.model.stateDict();
    const after = Translator.fromFiles(quantize(files)).model.stateDict();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    let changed = 0;
    for (const [name, { data: floats, shape }] of Object.entries(before)) {
      const data = [...floats];
      if (shape.length === 1) expect([...after[name].data]).toEqual(data);
      else changed += data.reduce((sum, weight, i) => sum + Number(weight !== after[name].data[i]), 0);
      const largest = data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      data.forEach((weight, i) => {
        if (Math.abs(weight - after[name].data[i]) > 0.51 * (largest / 127)) throw new Error(`${name} is off at ${i}`);
      });
    }
    expect(changed).toBeGreaterThan(1000);
  });

  test("seals the weights with the files that they were sealed with, and leaves all others", () => {
    const small = quantize({ ...files, "history.json": "{}" });
    expect(small["history.json"]).toBe("{}");
    for (const name of ["config.json", "source.json", "target.json"]) {
      expect(small[name]).toBe(files[name]);
      expect(() => decodeSealed({ ...small, [name]: "x" }, WEIGHTS)).toThrow(new RegExp(`^${name}: expected the one`));
    }
    expect(decodeSealed(small, WEIGHTS).metadata).toEqual({});
  });

  test("takes weights without a seal, which another program wrote", () => {
    const { tensors } = decodeSafetensors(files[WEIGHTS] as Uint8Array);
    const small = quantize({ ...files, [WEIGHTS]: encodeSafetensors({ tensors, metadata: { format: "pt" } }) });
    expect(decodeSealed(small, WEIGHTS).metadata).toEqual({ format: "pt" });
    expect(Translator.fromFiles(small).translate(["x"])).toHaveLength(1);
  });

  test("refuses files that are damaged, or of no model", () => {
    const damaged = new Uint8Array(files[WEIGHTS] as Uint8Array);
    damaged[damaged.length - 1] ^= 1;
    expect(() => quantize({ ...files, [WEIGHTS]: damaged })).toThrow(/^model\.safetensors: expected the checksum/);
    expect(() => quantize({ ...files, "source.json": "{}" })).toThrow(/^source\.json: expected the one that/);
    expect(() => quantize({ "config.json": "{}" })).toThrow(/^model\.safetensors: /);
    expect(() => quantize(null as never)).toThrow("quantize: expected a model's files by name, got null");
  });

  test("a damaged scale is the weights' fault", () => {
    const small = decodeSealed(files, WEIGHTS).tensors;
    const bytes = encodeSafetensors({ tensors: small, metadata: {} }, { bits: 8 });
    const length = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, length)));
    const [name, { data_offsets }] = Object.entries<{ data_offsets: number[] }>(header).find(([key]) =>
      key.endsWith(".scale"),
    )!;
    new DataView(bytes.buffer).setFloat32(length + data_offsets[0], Number.NaN, true);
    expect(() => Translator.fromFiles({ ...files, [WEIGHTS]: bytes })).toThrow(
      `model.safetensors: safetensors: ${name.slice(0, -6)}: expected finite scales ≥ 0, got NaN at 0`,
    );
  });

  test("whole numbers that have lost their scales are no weights, while floats of 16 bits are", () => {
    const { tensors, metadata } = decodeSafetensors(files[WEIGHTS] as Uint8Array);
    const rewritten = (dtype: SafetensorsDtype, values = tensors): Files => ({
      ...files,
      [WEIGHTS]: encodeSafetensors({
        tensors: values,
        metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !name.startsWith("crc32"))),
        dtypes: Object.fromEntries(Object.keys(values).map((name) => [name, dtype])),
      }),
    });
    const halved = Translator.fromFiles(rewritten("F16")).model.stateDict();
    for (const [name, { data }] of Object.entries(tensors)) {
      const off = data.map((weight, i) => Math.abs(weight - halved[name].data[i]) - Math.abs(weight) * 2 ** -11);
      expect(Math.max(...off)).toBeLessThan(2 ** -24);
    }
    const whole = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, zeros(shape)]));
    expect(() => Translator.fromFiles(rewritten("I8", whole))).toThrow(
      /^model\.safetensors: \S+: expected floats, or whole numbers with a scale a row, got I8$/,
    );
  });
});
