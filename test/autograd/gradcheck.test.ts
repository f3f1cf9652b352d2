/**
 * THE table: every differentiable op and module, in double precision, against central differences. An export without
 * a row fails. The rows of attention, of the recurrent ops, of modules, and of a whole encoder–decoder–loss stand in the files beside it.
 */
import { describe, expect, it } from "vitest";
import { type GradcheckResult, gradcheck } from "../../src/autograd/index.js";
import * as ops from "../../src/autograd/ops/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, ones, type Tensor, tensor } from "../../src/tensor/index.js";
import { floatsOf, gradOf, writableFloats } from "../../src/tensor/tensor.js";
import { roads } from "../support/changes.js";
import { type Check, check } from "../support/checks.js";
import { apart, leaf, positive } from "../support/leaves.js";
import { attentionRows } from "./attentionRows.js";
import { feedbackRows } from "./feedbackRows.js";
import { moduleRows, wholeModels } from "./moduleRows.js";
import { recurrentRows } from "./recurrentRows.js";

const NOT_DIFFERENTIABLE = ["argmax", "cellRules", "conditionalColumns", "feedingColumns", "PackedWeights"] as const;
const ABSTRACT = ["Module", "Attention"];
type Op = Exclude<keyof typeof ops, (typeof NOT_DIFFERENTIABLE)[number]>;

const { add, concat, crossEntropy, div, dropout, embedding, linear, matmul, max, maskedFill, mean, nllLoss, pow } = ops;

const unary = (fn: (x: Tensor) => Tensor, make = leaf): Check[] => [
  check("[2, 3]", [make(2, 3)], fn),
  check("scalar", [make()], fn),
];

/** Every way two operands can meet; `right` makes the second, which for a divisor stays away from 0. */
const binary = (fn: (a: ops.Operand, b: ops.Operand) => Tensor, right = leaf): Check[] => [
  check("equal shapes", [leaf(2, 3), right(2, 3)], fn),
  check("left row", [leaf(3), right(2, 3)], fn),
  check("right row", [leaf(2, 3), right(3)], fn),
  check("both stretch", [leaf(2, 1, 2), right(3, 1)], fn),
  check("left scalar", [leaf(), right(2, 2)], fn),
  check("right scalar", [leaf(2, 2), right()], fn),
  check("left number", [right(2, 2)], (b) => fn(1.7, b)),
  check("right number", [leaf(2, 2)], (a) => fn(a, -0.8)),
  // Times a, since x / x and x − x alone have the gradient 0, of which no relative error can be told.
  check("one tensor twice", [right(2, 2)], (a) => ops.mul(fn(a, a), a)),
];

/** 1, 0, 1, … in the shape of x. */
const everyOther = ({ data, shape }: Tensor): Tensor =>
  tensor(
    data.map((_, i) => (i + 1) % 2),
    shape,
  );

const reducing = (fn: (x: Tensor, dim?: number | number[], keepdim?: boolean) => Tensor): Check[] => [
  ...[undefined, 0, 1, -1, [0, 2], [2, 0, 1], []].flatMap((dim) =>
    [false, true].map((keepdim) =>
      check(`dim ${dim}, keepdim ${keepdim}`, [leaf(2, 3, 2)], (x) => fn(x, dim, keepdim)),
    ),
  ),
  check("scalar", [leaf()], (x) => fn(x)),
];

const alongDims = (fn: (x: Tensor, dim?: number) => Tensor): Check[] => [
  check("vector", [leaf(4)], (x) => fn(x)),
  ...[undefined, 0, 1, -1].map((dim) => check(`dim ${dim}`, [leaf(2, 3, 2)], (x) => fn(x, dim))),
];

const reductions = ["mean", "sum", "none"] as const;
const lossOptions = reductions.flatMap((reduction) =>
  [-100, 1].flatMap((ignoreIndex) => [
    { reduction, ignoreIndex },
    { reduction, ignoreIndex, weight: positive(3).detach() },
  ]),
);
const describeOptions = ({ reduction, ignoreIndex, ...rest }: ops.NllLossOptions): string =>
  `${reduction}, ignoreIndex ${ignoreIndex}${rest.weight ? ", weights" : ""}`;

const rows: Record<Op, Check[]> = {
  add: binary(add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(div, positive),
  neg: unary(ops.neg),
  exp: unary(ops.exp),
  log: unary(ops.log, positive),
  sqrt: unary(ops.sqrt, positive),
  pow: [
    ...[2, 3, 1].flatMap((exponent) => unary((x) => pow(x, exponent))),
    ...unary((x) => ops.mul(pow(x, 0), x)),
    ...[-1, 0.5, 2.7].flatMap((exponent) => unary((x) => pow(x, exponent), positive)),
  ],
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid),
  relu: unary(ops.relu, apart),
  abs: unary(ops.abs, apart),
  clamp: [{ min: -0.35 }, { max: 0.25 }, { min: -0.35, max: 0.25 }, { min: 1, max: -1 }].map((bounds) =>
    // Times x, since a constant has the gradient 0, of which no relative error can be told.
    check(JSON.stringify(bounds), [apart(2, 3)], (x) => ops.mul(ops.clamp(x, bounds), x)),
  ),
  where: [
    ...binary((a, b) => ops.where(everyOther(add(a, b)), a, b)),
    check("a condition that stretches both", [leaf(2, 1), leaf(3)], (a, b) =>
      ops.where(everyOther(leaf(4, 2, 1)), a, b),
    ),
    check("numbers on both sides, times x", [leaf(2, 3)], (x) => ops.mul(ops.where(everyOther(x), 2, 3), x)),
  ],
  maskedFill: [
    check("whole mask", [leaf(2, 3)], (x) =>
      maskedFill(
        x,
        tensor(
          [
            [1, 0, 0],
            [0, 0, 1],
          ],
          { dtype: "float64" },
        ),
        5,
      ),
    ),
    check("row mask", [leaf(2, 3)], (x) => maskedFill(x, tensor([0, 1, 0], { dtype: "float64" }), -9)),
  ],
  matmul: [
    check("matrices", [leaf(2, 3), leaf(3, 4)], matmul),
    check("5 rows", [leaf(5, 6), leaf(6, 5)], matmul),
    check("batched", [leaf(3, 2, 3), leaf(3, 3, 2)], matmul),
    check("batch × matrix", [leaf(2, 3, 2, 3), leaf(3, 2)], matmul),
    check("matrix × batch", [leaf(2, 3), leaf(3, 3, 2)], matmul),
    check("batches that broadcast", [leaf(2, 1, 2, 3), leaf(3, 3, 2)], matmul),
    check("inner batch stretches", [leaf(1, 2, 2, 3), leaf(3, 1, 3, 2)], matmul),
    check("one tensor twice", [leaf(3, 3)], (a) => matmul(a, a)),
  ],
  linear: [leaf(3), leaf(5, 3), leaf(2, 2, 3)].flatMap((x) => [
    check(`bias, rank ${x.shape.length}`, [x, leaf(4, 3), leaf(4)], (a, b, c) => linear(a, b, c)),
    check(`no bias, rank ${x.shape.length}`, [x, leaf(4, 3)], (a, b) => linear(a, b)),
  ]),
  sum: reducing(ops.sum),
  mean: reducing(mean),
  max: [0, 1, -1].flatMap((dim) =>
    [false, true].map((keepdim) =>
      check(`dim ${dim}, keepdim ${keepdim}`, [apart(2, 3, 2)], (x) => max(x, dim, keepdim)),
    ),
  ),
  min: [0, 1, -1].flatMap((dim) =>
    [false, true].map((keepdim) =>
      check(`dim ${dim}, keepdim ${keepdim}`, [apart(2, 3, 2)], (x) => ops.min(x, dim, keepdim)),
    ),
  ),
  gather: [
    check("vector", [leaf(3)], (x) => ops.gather(x, 0, [2, 0, 2, 2])),
    ...[0, 1, -1].map((dim) =>
      check(`dim ${dim}, a shorter index`, [leaf(2, 3, 4)], (x) =>
        ops.gather(x, dim, [
          [
            [1, 0],
            [0, 1],
            [1, 1],
          ],
        ]),
      ),
    ),
  ],
  permute: [
    [0, 1, 2],
    [2, 0, 1],
    [-1, 1, 0],
  ].map((dims) => check(`${dims}`, [leaf(2, 3, 4)], (x) => ops.permute(x, dims))),
  squeeze: [undefined, 0, -1, 1, [0, 2]].map((dim) => check(`${dim}`, [leaf(1, 3, 1)], (x) => ops.squeeze(x, dim))),
  unsqueeze: [0, 1, 2, -1].map((dim) => check(`${dim}`, [leaf(2, 3)], (x) => ops.unsqueeze(x, dim))),
  reshape: [[6], [3, -1], [1, 2, 3]].map((shape) => check(`${shape}`, [leaf(2, 3)], (x) => ops.reshape(x, shape))),
  transpose: [
    [0, 1],
    [0, 2],
    [-1, 1],
    [1, 1],
  ].map(([a, b]) => check(`${a} ${b}`, [leaf(2, 3, 4)], (x) => ops.transpose(x, a, b))),
  slice: [
    [0, 1, 2],
    [1, -2],
    [2, 1, -1],
    [-1, 0, 9],
  ].map(([dim, start, end]) =>
    check(`${dim}: ${start} to ${end}`, [leaf(2, 3, 4)], (x) => ops.slice(x, dim, start, end)),
  ),
  indexSelect: [0, 1, -1].flatMap((dim) => [
    check(`dim ${dim}`, [leaf(2, 3, 4)], (x) => ops.indexSelect(x, dim, [1, 0, 1])),
    check(`dim ${dim}, one number`, [leaf(2, 3, 4)], (x) => ops.indexSelect(x, dim, 1)),
  ]),
  concat: [0, 1, -1].flatMap((dim) => [
    check(`dim ${dim}`, [leaf(2, 2), dim === 0 ? leaf(3, 2) : leaf(2, 3)], (...parts) => concat(parts, dim)),
    check(`one tensor twice, dim ${dim}`, [leaf(2, 2)], (x) => concat([x, x], dim)),
  ]),
  stack: [0, 1, -1].map((dim) => check(`dim ${dim}`, [leaf(2, 3), leaf(2, 3)], (...parts) => ops.stack(parts, dim))),
  softmax: alongDims(ops.softmax),
  logSoftmax: alongDims(ops.logSoftmax),
  logsumexp: [...alongDims(ops.logsumexp), ...alongDims((x, dim) => ops.logsumexp(x, dim, true))],
  dropout: [
    check("p = 0.4", [leaf(4, 5)], (x) => dropout(x, 0.4, { generator: new Generator(3) })),
    check("whole rows", [leaf(5, 3)], (x) => dropout(x, 0.4, { wholeRows: true, generator: new Generator(3) })),
    check("not training", [leaf(2, 2)], (x) => ops.mul(dropout(x, 0.4, { training: false }), 1)),
    check("p = 1", [leaf(2, 2)], (x) => dropout(x, 1)),
  ],
  embedding: [
    check("repeated ids", [leaf(4, 3)], (weight) =>
      embedding(
        [
          [1, 3, 1],
          [0, 1, 3],
        ],
        weight,
      ),
    ),
    check("scalar id", [leaf(4, 3)], (weight) => embedding(2, weight)),
    // The padding row is given no gradient although the output depends on it: checked here with the row left out.
    check("paddingIdx", [leaf(4, 3)], (weight) => embedding([1, 3, 1], weight, { paddingIdx: 0 })),
  ],
  nllLoss: lossOptions.map((options) =>
    check(describeOptions(options), [leaf(4, 3)], (x) => nllLoss(x, [1, 0, 2, 1], options)),
  ),
  crossEntropy: lossOptions.flatMap((options) =>
    [0, 0.1, 1].map((labelSmoothing) =>
      check(`${describeOptions(options)} ${labelSmoothing}`, [leaf(4, 3)], (x) =>
        crossEntropy(x, [1, 0, 2, 1], { ...options, labelSmoothing }),
      ),
    ),
  ),
  layerNorm: [
    check("vector", [leaf(4)], (x) => ops.layerNorm(x, [4])),
    check("weight and bias", [leaf(2, 3, 4), leaf(4), leaf(4)], (x, w, b) => ops.layerNorm(x, [4], w, b)),
    check("weight alone, two dimensions, eps 0.1", [leaf(2, 3, 4), leaf(3, 4)], (x, w) =>
      ops.layerNorm(x, [3, 4], w, null, 0.1),
    ),
    check("bias alone", [leaf(3, 5), leaf(5)], (x, b) => ops.layerNorm(x, [5], null, b)),
    check("rows of one number", [leaf(3, 1), leaf(1), leaf(1)], (x, w, b) => ops.mul(ops.layerNorm(x, [1], w, b), x)),
  ],
  mseLoss: reductions.map((reduction) =>
    check(reduction, [leaf(2, 3), leaf(2, 3)], (x, target) => ops.mseLoss(x, target, { reduction })),
  ),
  binaryCrossEntropyWithLogits: reductions.flatMap((reduction) =>
    [
      {},
      { weight: positive(2, 1).detach() },
      { posWeight: positive(3).detach() },
      { weight: positive().detach(), posWeight: positive(2, 3).detach() },
    ].map((weights) =>
      check(`${reduction}, ${Object.keys(weights)}`, [leaf(2, 3), positive(2, 3)], (x, target) =>
        ops.binaryCrossEntropyWithLogits(x, target, { ...weights, reduction }),
      ),
    ),
  ),
  ...attentionRows,
  ...feedbackRows,
  ...recurrentRows,
};

const table = { ...rows, ...moduleRows, ...wholeModels };
const results: GradcheckResult[] = [];

describe("gradients", () => {
  it.each(Object.entries(table))("%s", (name, checks) => {
    expect(checks.length).toBeGreaterThan(0);
    for (const { label, inputs, fn, options } of checks) {
      try {
        results.push(gradcheck(fn, inputs, options));
      } catch (error) {
        throw new Error(`${name}, ${label}: ${(error as Error).message}`, { cause: error });
      }
    }
  });

  it("agree with differences to 1e-7, norm-wise, in every case", () => {
    const largest = Math.max(...results.map(({ relativeError }) => relativeError));
    console.info(`gradient check: ${results.length} cases, largest relative error ${largest.toExponential(2)}`);
    expect(results.length).toBe(Object.values(table).reduce((total, checks) => total + checks.length, 0));
    expect(largest).toBeLessThanOrEqual(1e-7);
  });

  it.each(Object.entries(table))("of numbers changed in place are refused, or the same: %s", (name, checks) => {
    for (const { label, inputs, fn } of checks) {
      const gradients = (change: (y: Tensor) => void): unknown[] => {
        for (const input of inputs) input.zeroGrad();
        const y = fn();
        change(y);
        y.backward(ones(y.shape, { dtype: y.dtype }));
        return inputs.map((input) => gradOf(input)?.toArray());
      };
      const expected = gradients(() => {});
      const attempt = (change: (y: Tensor) => void, what: string): void => {
        try {
          expect(gradients(change), `${name}, ${label}, ${what}`).toEqual(expected);
        } catch (error) {
          if (!/for its derivative, and it was changed in place/.test((error as Error).message)) throw error;
        }
      };
      attempt((y) => y.data.fill(0.375), "the result");
      for (const input of inputs) {
        const original = floatsOf(input).slice();
        for (const road of roads(input)) {
          attempt(road.change, road.name);
          writableFloats(input).set(original);
        }
      }
    }
  });

  it("have a row for every op and module exported", () => {
    const functions = Object.entries(ops).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
    expect(Object.keys(rows).sort()).toEqual(
      functions.filter((name) => !(NOT_DIFFERENTIABLE as readonly string[]).includes(name)).sort(),
    );
    // Functions of nn, such as chronoInit, begin with a small letter.
    const modules = Object.keys(nn).filter((name) => /^[A-Z]/.test(name));
    expect(Object.keys(moduleRows).sort()).toEqual(modules.filter((name) => !ABSTRACT.includes(name)).sort());
    for (const fn of Object.values(nn.functional)) expect(Object.values(ops)).toContain(fn);
  });
});
