/** What is no tensor, no number or no option of an op: each says which op it was, what it expected and what it got. */
import { describe, expect, it, test, vi } from "vitest";
import { gradcheck } from "../../src/autograd/index.js";
import * as ops from "../../src/autograd/ops/index.js";
import { full, intTensor, rand, randn, type Tensor, tensor, zeros } from "../../src/tensor/index.js";

const x = zeros([2, 2]);
/** Anything, as JavaScript lets through. */
// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
type Anything = any;
const wrong = (value: unknown): Anything => value;
const weights = { weightIh: zeros([6, 2]), weightHh: zeros([6, 2]), biasIh: null, biasHh: null };

const unary: Record<string, (x: Tensor) => unknown> = {
  ...{ exp: ops.exp, log: ops.log, sqrt: ops.sqrt, tanh: ops.tanh, sigmoid: ops.sigmoid, relu: ops.relu, neg: ops.neg },
  ...{ sum: ops.sum, mean: ops.mean, softmax: ops.softmax, logSoftmax: ops.logSoftmax, logsumexp: ops.logsumexp },
  ...{ dropout: ops.dropout },
  pow: (x) => ops.pow(x, 2),
  abs: ops.abs,
  clamp: (x) => ops.clamp(x, { min: 0 }),
  where: (condition) => ops.where(condition, x, 0),
  min: (x) => ops.min(x, 0),
  gather: (x) => ops.gather(x, 0, [[0, 0]]),
  permute: (x) => ops.permute(x, [1, 0]),
  squeeze: ops.squeeze,
  unsqueeze: (x) => ops.unsqueeze(x, 0),
  max: (x) => ops.max(x, 0),
  argmax: (x) => ops.argmax(x, 0),
  reshape: (x) => ops.reshape(x, [4]),
  transpose: (x) => ops.transpose(x, 0, 1),
  slice: (x) => ops.slice(x, 0),
  indexSelect: (x) => ops.indexSelect(x, 0, [0]),
  concat: (x) => ops.concat([zeros([1]), x]),
  stack: (x) => ops.stack([x]),
  maskedFill: (mask) => ops.maskedFill(x, mask, 0),
  matmul: (b) => ops.matmul(x, b),
  linear: (weight) => ops.linear(x, weight),
  embedding: (weight) => ops.embedding([0], weight),
  nllLoss: (x) => ops.nllLoss(x, [0, 1]),
  layerNorm: (x) => ops.layerNorm(x, [2]),
  mseLoss: (target) => ops.mseLoss(x, target),
  binaryCrossEntropyWithLogits: (x) => ops.binaryCrossEntropyWithLogits(x, zeros([2])),
  crossEntropy: (x) => ops.crossEntropy(x, [0, 1]),
  gru: (x) => ops.gru(x, null, weights),
  dotAttention: (keys) => ops.dotAttention(zeros([1, 2, 2]), keys, zeros([1, 2, 2])),
  attentionMix: (values) => ops.attentionMix(zeros([1, 2, 2]), values),
  additiveAttention: (v) => ops.additiveAttention(zeros([1, 2, 2]), zeros([1, 2, 2]), v, zeros([1, 2, 2])),
};

describe.each(Object.entries(unary))("%s", (name, op) => {
  it.each([3, "3", [1, 2], undefined, new Float32Array(2), intTensor([1])])("refuses %s for a tensor", (value) => {
    expect(() => op(wrong(value))).toThrow(new RegExp(`^${name}: expected a tensor, got `));
    expect(() => op(wrong(value))).toThrow(TypeError);
  });
});

test("operands are tensors or numbers", () => {
  expect(() => ops.add(x, wrong("3"))).toThrow(new TypeError('add: expected tensors or numbers, got "3"'));
  expect(() => ops.mul(wrong([1, 2]), x)).toThrow("mul: expected tensors or numbers, got [1, 2]");
  expect(() => ops.sub(wrong("3"), wrong("4"))).toThrow('sub: expected tensors or numbers, got "3"');
  expect(() => ops.div(1, wrong(null))).toThrow("div: expected tensors or numbers, got null");
  expect(() => ops.add(x, wrong(true))).toThrow("add: expected tensors or numbers, got true");
});

test("weights of classes are tensors", () => {
  for (const [name, op] of Object.entries({ nllLoss: ops.nllLoss, crossEntropy: ops.crossEntropy })) {
    expect(() => op(x, [0, 1], { weight: wrong([1, 2]) })).toThrow(`${name}: expected a tensor, got [1, 2]`);
  }
});

test("numbers are numbers", () => {
  expect(() => ops.pow(x, wrong("2"))).toThrow('pow: expected the exponent to be a number, got "2"');
  expect(() => ops.pow(x, wrong(x))).toThrow("pow: expected the exponent to be a number, got Tensor");
  expect(() => ops.maskedFill(x, x, wrong("0"))).toThrow('maskedFill: expected the value to be a number, got "0"');
  expect(() => ops.clamp(x, { min: wrong("0") })).toThrow('clamp: expected min to be a number, got "0"');
  expect(() => ops.clamp(x, wrong(0))).toThrow("clamp: expected an object of options, got 0");
  expect(() => ops.where(x, x, wrong("0"))).toThrow('where: expected tensors or numbers, got "0"');
  expect(() => ops.where(x, wrong("1"), 0)).toThrow('where: expected tensors or numbers, got "1"');
  expect(() => ops.permute(x, wrong(0))).toThrow("permute: expected a list of dimensions, got 0");
  expect(() => ops.slice(x, 0, wrong("-1"))).toThrow('slice: expected the start to be a number, got "-1"');
  expect(() => ops.slice(x, 0, 0, wrong("1"))).toThrow('slice: expected the end to be a number, got "1"');
  expect(() => ops.sum(x, wrong("0"))).toThrow('sum: expected a dimension or a list of them, got "0"');
  expect(() => ops.mean(x, wrong({ dim: 0 }))).toThrow('mean: expected a dimension or a list of them, got {"dim":0}');
  expect(() => ops.softmax(x, wrong("1"))).toThrow('softmax: expected a dimension from -2 to 1, got "1"');
  expect(() => ops.dropout(x, wrong("0.5"))).toThrow('dropout: expected a probability from 0 to 1, got "0.5"');
  expect(() => full([2], wrong("1"))).toThrow('full: expected the value to be a number, got "1"');
});

test("flags are true or false, and no object of options", () => {
  for (const [name, op] of Object.entries({ sum: ops.sum, mean: ops.mean, max: ops.max, logsumexp: ops.logsumexp })) {
    expect(() => op(x, 0, wrong({ keepdim: false }))).toThrow(`${name}: expected keepdim to be true or false, got {`);
  }
});

test("a gradient is a tensor", () => {
  const leaf = zeros([2], { requiresGrad: true });
  expect(() => ops.sum(leaf).backward(wrong(2))).toThrow("backward: expected a tensor, got 2");
  expect(() => ops.exp(leaf).backward(wrong([1, 1]))).toThrow("backward: expected a tensor, got [1, 1]");
});

test("shapes and lists are such", () => {
  expect(() => zeros(wrong(2), wrong(3))).toThrow("zeros: expected an object of options, got 3");
  expect(() => zeros(wrong(2))).toThrow("zeros: expected a shape, such as [2, 3], got 2");
  expect(() => ops.reshape(x, wrong(4))).toThrow("reshape: expected a shape, such as [2, -1], got 4");
  expect(() => zeros(wrong(["2"]))).toThrow('zeros: expected sizes that are integers ≥ 0, got ["2"]');
  expect(() => ops.concat(wrong(x))).toThrow("concat: expected a list of tensors, got Tensor");
  expect(() => ops.stack(wrong(x))).toThrow("stack: expected a list of tensors, got Tensor");
});

test("options that an op does not know are refused by their nearest names", () => {
  const faults: Record<string, () => unknown> = {
    "tensor: requires_grad requiresGrad": () => tensor([1], wrong({ requires_grad: true })),
    "zeros: requires_grad requiresGrad": () => zeros([1], wrong({ requires_grad: true })),
    "rand: Generator generator": () => rand([1], wrong({ Generator: null })),
    "crossEntropy: label_smoothing labelSmoothing": () => ops.crossEntropy(x, [0, 1], wrong({ label_smoothing: 0.1 })),
    "nllLoss: ignore_index ignoreIndex": () => ops.nllLoss(x, [0, 1], wrong({ ignore_index: 0 })),
    "embedding: padding_idx paddingIdx": () => ops.embedding([0], x, wrong({ padding_idx: 0 })),
    "dropout: is_training training": () => ops.dropout(x, 0.5, wrong({ is_training: false })),
    "gru: length lengths": () => ops.gru(zeros([1, 2, 2]), null, weights, wrong({ length: [1, 1] })),
    "dotAttention: length lengths": () => ops.dotAttention(x, x, x, wrong({ length: [1] })),
    "gradcheck: a_tol atol": () => gradcheck(() => x, [x], wrong({ a_tol: 1 })),
  };
  for (const [key, call] of Object.entries(faults)) {
    const [op, given, meant] = key.split(" ");
    expect(call).toThrow(new RegExp(`^${op} expected options among .*; got ${given} \\(did you mean ${meant}\\?\\)$`));
  }
});

test("PyTorch's positional arguments are refused where options stand", () => {
  expect(() => ops.dropout(x, 0.5, wrong(false))).toThrow("dropout: expected an object of options, got false");
  expect(() => ops.crossEntropy(x, [0, 1], wrong(x))).toThrow(
    "crossEntropy: expected an object of options, got Tensor",
  );
});

test("options have the values that they take", () => {
  expect(() => tensor([1], wrong({ dtype: "float16" }))).toThrow(
    'tensor: expected dtype to be "float32" or "float64", got "float16"',
  );
  expect(() => randn([1], wrong({ generator: 42 }))).toThrow("randn: expected generator to be a Generator, got 42");
  expect(() => tensor([1], wrong({ requiresGrad: "yes" }))).toThrow(
    "tensor: expected requiresGrad to be true or false",
  );
});

test("a tensor of another copy of the library is called so", async () => {
  vi.resetModules();
  const other = await import("../../src/tensor/index.js");
  const copy = "got a tensor of another copy of seqgrad";
  expect(other.zeros).not.toBe(zeros);
  expect(() => ops.exp(wrong(other.zeros([2])))).toThrow(`exp: expected a tensor, ${copy}`);
  expect(() => ops.add(x, wrong(other.zeros([2])))).toThrow(`add: expected tensors or numbers, ${copy}`);
  expect(() => ops.embedding(wrong(other.intTensor([1])), x)).toThrow(copy);
  expect(() => ops.add(x, wrong(intTensor([1])))).toThrow("got IntTensor");
});

test("JSON has a tensor's numbers", () => {
  const object = { w: tensor([[1, 2.5]]), ids: intTensor([3]) };
  expect(JSON.parse(JSON.stringify(object))).toEqual({ w: [[1, 2.5]], ids: [3] });
});
