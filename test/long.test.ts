/** Lists of more elements than a call takes arguments: nothing is spread into one. And messages that echo no file. */
import { describe, expect, test } from "vitest";
import { crossEntropy, embedding, sum } from "../src/autograd/ops/index.js";
import { Linear, Module } from "../src/nn/index.js";
import { Adam, clipGradNorm } from "../src/optim/index.js";
import * as s2s from "../src/seq2seq/index.js";
import { Generator, intTensor, tensor, zeros } from "../src/tensor/index.js";
import { languagesOf } from "./support/languages.js";
import { wrong } from "./support/wrong.js";

const MANY = 150_000;
const list = <T>(make: (i: number) => T): T[] => Array.from({ length: MANY }, (_, i) => make(i));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("150,000 elements", () => {
  const { source, target } = languagesOf([{ source: "a b", target: "c d" }]);
  const words = list((i) => `w${i % 1000}`);
  const pairs = list(() => ({ source: [4], target: [5] }));

  const calls: Record<string, () => unknown> = {
    tensor: () => tensor(list((i) => i)),
    intTensor: () => intTensor(list((i) => i)),
    "toArray and JSON": () => JSON.stringify(zeros([MANY])),
    sum: () => sum(zeros([MANY, 1], { requiresGrad: true }), 0).backward(),
    embedding: () =>
      embedding(
        list(() => 1),
        zeros([3, 2], { requiresGrad: true }),
      ),
    crossEntropy: () =>
      crossEntropy(
        zeros([MANY, 2]),
        list(() => 1),
      ),
    "Vocabulary.build of a sentence": () => s2s.Vocabulary.build([words]).encode(words),
    "Vocabulary.build of sentences": () => s2s.Vocabulary.build(list((i) => [`${i}`])).decode(list((i) => 4 + i)),
    "Vocabulary.fromJSON": () =>
      s2s.Vocabulary.fromJSON({ tokens: ["<pad>", "<unk>", "<bos>", "<eos>", ...list(String)] }),
    "words of a text": () => s2s.encodeText(source, words.join(" ")),
    "a word of many letters": () => s2s.encodeText(source, "x".repeat(MANY)),
    "many signs in a word": () => s2s.encodeText(source, "x-".repeat(MANY)),
    "unknown words": () => s2s.unknownWords(source, list((i) => `w${i}`).join(" ")),
    characters: () => new s2s.CharacterTokenizer().detokenize(new s2s.CharacterTokenizer().tokenize("x".repeat(MANY))),
    "detokenized words": () => source.tokenizer.detokenize(words),
    "BLEU of segments": () => s2s.bleu(words, words),
    "BLEU of a segment": () => s2s.bleu([words.join(" ")], [words.join(" ")]),
    "chrF of a segment": () => s2s.chrf(["x".repeat(MANY)], ["x".repeat(MANY)]),
    lines: () => s2s.readLines(bytes("a\n".repeat(MANY)), "a"),
    readTsv: () => s2s.readTsv(bytes("a\tb\n".repeat(MANY)), "a"),
    makeBatch: () => s2s.makeBatch(pairs),
    "a pair of many tokens": () => s2s.makeBatch([{ source: list(() => 4), target: list(() => 5) }]),
    bucketedBatches: () => s2s.bucketedBatches(pairs, { batchSize: 1 }, new Generator()),
    groupsByLength: () =>
      s2s.groupsByLength(
        list((i) => i % 50),
        { sentences: 1 },
      ),
    "curves of validations": () =>
      s2s.drawCurves({
        steps: { loss: list(() => 1) },
        validations: list((step) => ({ step, scores: { loss: 1, bleu: 20 }, best: false })),
      }),
    "an alignment of tokens": () =>
      s2s.drawAlignment({ source: ["a"], target: list(() => "b"), weights: list(() => [1]) }),
    "blank texts": () => {
      const sizes = { inputSize: source.vocabulary.size, outputSize: target.vocabulary.size };
      const model = new s2s.Seq2Seq({ ...sizes, hiddenSize: 4 });
      new s2s.Translator({ model, source, target, reverseSource: false }).translate(list(() => ""));
    },
  };
  test.each(Object.entries(calls))("%s", (_, call) => expect(call).not.toThrow());

  test("parameters", () => {
    class Many extends Module {
      readonly all = list((i) => this.registerParameter(`p${i}`, zeros([])));
    }
    const module = new Many();
    const optimizer = new Adam(module.parameters());
    expect(clipGradNorm(module.parameters(), 1)).toBe(0);
    optimizer.step();
    expect(module.parameters()).toHaveLength(MANY);
  });
});

describe("a message has no more than a few hundred characters", () => {
  const long = "x".repeat(100_000);
  const sealed = (name: string) => s2s.encodeSafetensors({ tensors: { [name]: zeros([2]) }, metadata: {} });
  const calls: Record<string, () => unknown> = {
    "a line of a file": () => s2s.readTsv(bytes(long), "a.tsv"),
    "a vocabulary's token": () => s2s.Vocabulary.fromJSON({ tokens: ["<pad>", long] }),
    "a tokeniser's kind": () => s2s.tokenizerFromJSON({ kind: long, lowercase: true }),
    "a tensor's name": () => new Linear(2, 2).loadStateDict(s2s.decodeSafetensors(sealed(long)).tensors),
    "many tensors' names": () => new Linear(2, 2).loadStateDict(Object.fromEntries(list((i) => [`t${i}`, zeros([])]))),
    "an option's name": () => new Linear(2, 2, wrong({ [long]: 1 })),
    "an option's value": () => tensor([1], wrong({ dtype: long })),
    "a text for a number": () => sum(zeros([2]), wrong(long)),
    "a text for a tensor": () => sum(wrong(long)),
    "a text for ids": () => intTensor(wrong(long)),
    "a shape": () => zeros(wrong([long])),
    "a seed": () => new Generator(wrong(long)),
    "a file's name": () => new s2s.MemoryStore({ [`a/${long}`]: "x" }),
    "a state of many numbers": () => new Generator().setState(wrong(list(() => 1))),
  };
  test.each(Object.entries(calls))("%s", (_, call) => {
    let message = "";
    try {
      call();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toBe("");
    expect(message.length).toBeLessThan(600);
  });
});
