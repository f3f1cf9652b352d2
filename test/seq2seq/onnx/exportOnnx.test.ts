import { describe, expect, test } from "vitest";
import { Attention } from "../../../src/nn/attention.js";
import type { CellKind, Seq2SeqConfig } from "../../../src/seq2seq/index.js";
import * as s2s from "../../../src/seq2seq/index.js";
import { Generator } from "../../../src/tensor/index.js";
import { languagesOf } from "../../support/languages.js";
import { type GraphFile, readOnnx } from "../../support/onnxFile.js";
import { wrong } from "../../support/wrong.js";

const languages = languagesOf([{ source: "a b", target: "c d" }]);

function translator(config: Partial<Seq2SeqConfig> = {}, reverseSource = false): s2s.Translator {
  const [inputSize, outputSize] = [languages.source.vocabulary.size, languages.target.vocabulary.size];
  const sizes = { inputSize, outputSize, hiddenSize: 4, embeddingSize: 3 };
  const model = new s2s.Seq2Seq({ ...sizes, ...config }, { generator: new Generator(1) });
  return new s2s.Translator({ model, ...languages, reverseSource });
}

/** The graphs of a model's files. */
function graphs(model: s2s.Translator | s2s.TextGenerator): Record<"encoder" | "decoder", GraphFile> {
  const read = (name: string): GraphFile | undefined => {
    const file = s2s.exportOnnx(model)[name];
    return file === undefined ? undefined : readOnnx(file as Uint8Array).graph;
  };
  return { encoder: read("encoder.onnx")!, decoder: read("decoder.onnx")! };
}

/** What is wrong with a graph: values read before they are there, made twice, or made for nobody; weights of another size. */
function faults(graph: GraphFile, outer: readonly string[] = []): string[] {
  const found: string[] = [];
  const known = new Set([...outer, ...Object.keys(graph.inputs), ...graph.weights.keys()]);
  const read = new Set(Object.keys(graph.outputs));
  for (const [name, { shape, values }] of graph.weights) {
    if (values.length !== shape.reduce((product, size) => product * size, 1)) found.push(`${name} of ${shape}`);
  }
  for (const { operator, inputs, outputs, attributes } of graph.nodes) {
    for (const input of inputs) {
      if (input !== "" && !known.has(input)) found.push(`${operator} reads ${input} too early`);
      read.add(input);
    }
    for (const inner of Object.values(attributes)) {
      if (typeof inner !== "object" || !("nodes" in inner)) continue;
      found.push(...faults(inner, [...known]));
      for (const node of inner.nodes) for (const input of node.inputs) read.add(input);
    }
    for (const output of outputs) {
      if (known.has(output)) found.push(`${output} made twice`);
      known.add(output);
    }
  }
  // An operator for whole sequences makes the outputs that a step does not read.
  const made = graph.nodes.filter(({ outputs }) => !outputs.some((output) => read.has(output)));
  const unread = [...graph.weights.keys(), ...Object.keys(graph.inputs)].filter((name) => !read.has(name));
  return [
    ...found,
    ...made.map(({ operator }) => `${operator} made for nobody`),
    ...unread.map((name) => `${name} unread`),
  ];
}

const KINDS: Readonly<Record<string, Partial<Seq2SeqConfig>>> = {
  "a fixed context": { numLayers: 2, bidirectional: true, contextInput: true },
  "dot attention": { attention: "dot", tied: "all", lexical: true },
  "general attention": { attention: "general", numLayers: 2, bidirectional: true, residual: true },
  "additive attention": { attention: "additive", bidirectional: true, lexical: true, initialState: "mean" },
  "input feeding": { attention: "additive", inputFeeding: true },
  "a conditional decoder": {
    attention: "general",
    numLayers: 3,
    bidirectional: true,
    conditional: true,
    residual: true,
  },
  "layer normalisation": { attention: "additive", numLayers: 2, bidirectional: true, layerNorm: true },
};
const cells: readonly CellKind[] = ["rnn", "gru", "lstm"];
const all = Object.keys(KINDS).flatMap((kind) => cells.map((cell) => ({ kind, cell })));

describe("the graphs of a translator", () => {
  test.each(all)("with $kind and $cell hang together", ({ kind, cell }) => {
    for (const isReversed of [false, true]) {
      const { encoder, decoder } = graphs(translator({ ...KINDS[kind], cell }, isReversed));
      expect([...faults(encoder), ...faults(decoder)]).toEqual([]);
      expect(encoder.nodes.some(({ operator }) => operator === "ReverseSequence")).toBe(isReversed);
      // What the encoder says is what the decoder reads beside its token, of the same shape.
      const { token, lengths, ...beside } = decoder.inputs;
      expect(beside).toEqual(encoder.outputs);
      expect(lengths).toBe(encoder.outputs.memory && encoder.inputs.lengths);
      for (const [name, port] of Object.entries(decoder.outputs)) {
        if (name.startsWith("next_")) expect(port).toBe(decoder.inputs[name.slice(5)]);
      }
    }
  });

  test("say what goes in and comes out", () => {
    const { encoder, decoder } = graphs(translator({ cell: "lstm", attention: "additive", bidirectional: true }));
    expect(encoder.inputs).toEqual({ source: "int32 [batch, length]", lengths: "int32 [batch]" });
    expect(encoder.outputs).toEqual({
      hidden: "float [batch, 1, 4]",
      cell: "float [batch, 1, 4]",
      memory: "float [batch, length, 8]",
      keys: "float [batch, length, 4]",
    });
    expect(decoder.outputs).toEqual({
      logits: "float [batch, 6]",
      attention: "float [batch, length]",
      next_hidden: "float [batch, 1, 4]",
      next_cell: "float [batch, 1, 4]",
    });
  });

  test("are of operator set 17, and name who wrote them", () => {
    const { graph, ...about } = readOnnx(s2s.exportOnnx(translator())["encoder.onnx"] as Uint8Array);
    expect(about).toEqual({ representation: 8, operators: 17, producer: "seqgrad" });
    expect(graph.name).toBe("encoder");
  });

  test("have PyTorch's gates in ONNX's order, both directions and both biases", () => {
    const order = { rnn: [0], gru: [1, 0, 2], lstm: [0, 3, 1, 2] } as const;
    for (const cell of cells) {
      const own = translator({ cell, bidirectional: true });
      const { encoder } = graphs(own);
      const node = encoder.nodes.find(({ operator }) => operator === cell.toUpperCase())!;
      const reset = cell === "gru" ? { linear_before_reset: 1 } : {};
      expect(node.attributes).toEqual({ hidden_size: 4, direction: "bidirectional", ...reset });
      expect(node.inputs[4]).toBe("lengths");
      const state = own.model.encoder.stateDict();
      /** The gates of a parameter in ONNX's order. */
      const gates = (name: string): number[] => {
        const { data } = state[`${cell}.${name}`];
        const size = data.length / order[cell].length;
        return order[cell].flatMap((gate) => Array.from(data.slice(gate * size, (gate + 1) * size)));
      };
      const both = (...names: string[]): number[] =>
        ["_l0", "_l0_reverse"].flatMap((direction) => names.flatMap((name) => gates(name + direction)));
      const [W, R, B] = node.inputs.slice(1, 4).map((name) => encoder.weights.get(name)!);
      const G = order[cell].length;
      expect(W.shape).toEqual([2, 4 * G, 3]);
      expect(Array.from(W.values, Number)).toEqual(both("weight_ih"));
      expect(R.shape).toEqual([2, 4 * G, 4]);
      expect(Array.from(R.values, Number)).toEqual(both("weight_hh"));
      expect(B.shape).toEqual([2, 8 * G]);
      expect(Array.from(B.values, Number)).toEqual(both("bias_ih", "bias_hh"));
    }
  });

  test("keep a tied table once", () => {
    const tables = (tied: "none" | "decoder"): number =>
      [...graphs(translator({ attention: "additive", tied })).decoder.weights.values()].filter(
        ({ shape: [rows, width] }) => rows === 6 && width !== undefined,
      ).length;
    expect([tables("none"), tables("decoder")]).toEqual([2, 1]);
  });

  test("are the same bytes each time, whether the model was saved in between", () => {
    const own = translator({ attention: "additive", layerNorm: true });
    const files = s2s.exportOnnx(own);
    expect(Object.keys(files)).toEqual(["encoder.onnx", "decoder.onnx", "source.json", "target.json"]);
    expect(s2s.exportOnnx(s2s.Translator.fromFiles(own.files()))).toEqual(files);
    expect(files["source.json"]).toBe(own.files()["source.json"]);
    expect(files["target.json"]).toBe(own.files()["target.json"]);
  });
});

test("a generator of text is a decoder without an encoder, and without relu", () => {
  const { target: language } = languages;
  const model = new s2s.LanguageModel({
    outputSize: language.vocabulary.size,
    hiddenSize: 4,
    numLayers: 2,
    tied: true,
  });
  const generator = new s2s.TextGenerator({ model, language });
  expect(Object.keys(s2s.exportOnnx(generator))).toEqual(["decoder.onnx", "target.json"]);
  const { decoder } = graphs(generator);
  expect(faults(decoder)).toEqual([]);
  expect(decoder.inputs).toEqual({ token: "int32 [batch]", hidden: "float [batch, 2, 4]" });
  expect(decoder.nodes.map(({ operator }) => operator)).not.toContain("Relu");
  expect(graphs(translator()).decoder.nodes.map(({ operator }) => operator)).toContain("Relu");
});

describe("what cannot be exported is refused by name", () => {
  test.each([
    ["TranslatorEnsemble", () => new s2s.TranslatorEnsemble([translator(), translator()])],
    ["Seq2Seq", () => translator().model],
    ["null", () => null],
    ['"model"', () => "model"],
  ])("%s", (name, make) => {
    expect(() => s2s.exportOnnx(wrong(make()))).toThrow(
      new TypeError(`export: ${name} cannot be exported, only a Translator or a TextGenerator`),
    );
  });

  test("a model of a class that extends one of ours, which may compute something else", () => {
    class Mine extends s2s.Seq2Seq {}
    const model = new Mine({ inputSize: 6, outputSize: 6, hiddenSize: 4 });
    expect(() => s2s.exportOnnx(new s2s.Translator({ model, ...languages }))).toThrow(
      new TypeError("export: a module Mine cannot be exported, only the library's own"),
    );
  });

  test("a weight that is not finite", () => {
    const own = translator();
    own.model.encoder.embedding.weight.data[2] = Number.NaN;
    expect(() => s2s.exportOnnx(own)).toThrow(
      new Error("export: encoder.embedding.weight: expected finite numbers, got NaN at 2"),
    );
  });

  test("a decoder and an attention of one's own", () => {
    class Own extends s2s.AttentionDecoder {}
    class Strange extends Attention {
      protected projected = (memory: never): never => memory;
      forward = (): never => wrong(null);
    }
    const own = translator({ attention: "additive" });
    const replaced = (part: object, name: string, by: object): void => {
      Object.defineProperty(part, name, { value: by });
    };
    replaced(own.model, "decoder", new Own(4, 4, 6));
    expect(Object.keys(s2s.exportOnnx(own))).toHaveLength(4); // it is one of ours still
    replaced(own.model.decoder, "attention", new Strange());
    expect(() => s2s.exportOnnx(own)).toThrow("export: an attention Strange cannot be exported");
    class Other {}
    const other = translator();
    replaced(other.model, "decoder", new Other());
    expect(() => s2s.exportOnnx(other)).toThrow("export: a decoder Other cannot be exported");
  });
});
