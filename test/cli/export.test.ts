import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  Classifier,
  exportOnnx,
  LanguageModel,
  Seq2Seq,
  SequenceClassifier,
  TextGenerator,
  Translator,
} from "../../src/seq2seq/index.js";
import { buildOnce } from "../support/build.js";
import { seqgrad } from "../support/command.js";
import { contents, temporaryFolder } from "../support/folder.js";
import { languagesOf } from "../support/languages.js";

beforeAll(() => buildOnce(), 120_000);

const languages = languagesOf([{ source: "a b", target: "c d" }]);
const [inputSize, outputSize] = [languages.source.vocabulary.size, languages.target.vocabulary.size];
const translator = new Translator({ model: new Seq2Seq({ inputSize, outputSize, hiddenSize: 4 }), ...languages });

/** Files as `contents` has them. */
const latin1 = (files: Readonly<Record<string, Uint8Array | string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString("latin1")]));

describe("seqgrad export", () => {
  test("writes what the library makes of a translator, into a folder that is new or empty", () => {
    const folder = temporaryFolder();
    const [model, out] = [join(folder, "model"), join(folder, "onnx")];
    translator.save(model);
    mkdirSync(out);
    expect(seqgrad(["export", "--model", model, "--format", "onnx", "--out", out])).toEqual({
      code: 0,
      out: "",
      err: `wrote encoder.onnx, decoder.onnx, source.json, target.json to ${out}\n`,
    });
    expect(contents(out)).toEqual(latin1(exportOnnx(translator)));

    writeFileSync(join(out, "notes.txt"), "mine");
    const again = seqgrad(["export", "--model", model, "--out", out]);
    const why = `expected an empty or absent folder, got ${out}, which holds something (choose another)`;
    expect(again).toEqual({ code: 1, out: "", err: `seqgrad: export: ${why}\n` });
    expect(contents(out)["notes.txt"]).toBe("mine");
  });

  test("takes a generator of text", () => {
    const folder = temporaryFolder();
    const { target: language } = languages;
    const generator = new TextGenerator({ model: new LanguageModel({ outputSize, hiddenSize: 4 }), language });
    generator.save(join(folder, "model"));
    const out = join(folder, "onnx");
    expect(seqgrad(["export", "--model", join(folder, "model"), "--out", out]).code).toBe(0);
    expect(contents(out)).toEqual(latin1(exportOnnx(generator)));
  });

  test("refuses other models by their task, and leaves nothing", () => {
    const folder = temporaryFolder();
    const model = new SequenceClassifier({ inputSize, classes: 2, hiddenSize: 4 });
    const labels = ["no", "yes"];
    new Classifier({ model, labels, language: languages.source }).save(join(folder, "model"));
    const out = join(folder, "onnx");
    const why = "a model of task classify cannot be exported, only one of translate or generate";
    expect(seqgrad(["export", "--model", join(folder, "model"), "--out", out])).toEqual({
      code: 1,
      out: "",
      err: `seqgrad: export: ${why}\n`,
    });
    expect(Object.keys(contents(folder)).filter((name) => name.startsWith("onnx"))).toEqual([]);
  });

  test.each([
    [["--out", "x"], "export: expected --model DIR, got none"],
    [["--model", "x"], "export: expected --out DIR, got none"],
    [["--model", "x", "--out", "y", "--format", "tflite"], '--format: expected "onnx", got "tflite"'],
  ])("%j is a wrong call", (args, said) => {
    expect(seqgrad(["export", ...args])).toEqual({ code: 2, out: "", err: `seqgrad: ${said}\n` });
  });
});
