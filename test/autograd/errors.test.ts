/** Bad input: every op that checks says which op it was, what it expected and what it got. */
import { expect, it } from "vitest";
import * as ops from "../../src/autograd/ops/index.js";
import { type Shape, tensor, zeros } from "../../src/tensor/index.js";

const z = (...shape: number[]) => zeros(shape);
const double = (...shape: number[]) => zeros(shape, { dtype: "float64" });
const weights = (rows: number, inputs: number, hidden: number, bias: Shape | null = [rows]) => ({
  weightIh: z(rows, inputs),
  weightHh: z(rows, hidden),
  biasIh: bias && zeros(bias),
  biasHh: null,
});

const seen = (places: number, sentences: number) => ({
  keys: z(places, sentences, 2),
  values: z(places, sentences, 5),
});
const { gru, lstm } = ops.cellRules;
const pair = { first: weights(6, 3, 2), second: weights(6, 5, 2) };
const feeding = { layers: [weights(6, 3 + 4, 2)], combine: z(4, 5 + 2), combineBias: z(4) };

/** A call that must fail, and what its message must hold: op, expected, got. */
const faults: [() => unknown, RegExp][] = [
  [() => ops.add(z(2, 3), z(2)), /^add: expected shapes that broadcast.*got \[2, 3\] and \[2\]/],
  [() => ops.sub(z(2), z(3)), /^sub: expected.*got \[2\] and \[3\]/],
  [() => ops.mul(z(2), z(3)), /^mul: expected.*got/],
  [() => ops.div(z(2), z(3)), /^div: expected.*got/],
  [() => ops.add(1, 2), /^add: expected at least one tensor, got two numbers/],
  [() => ops.mul(z(2), double(2)), /^mul: expected tensors of one dtype, got float32 and float64/],
  [() => ops.maskedFill(z(3), z(2, 3), 0), /^maskedFill: expected a mask that broadcasts to \[3\], got \[2, 3\]/],
  [() => ops.maskedFill(z(3), z(2), 0), /^maskedFill: expected.*got \[3\] and \[2\]/],
  [() => ops.maskedFill(z(3), double(3), 0), /^maskedFill: expected tensors of one dtype/],
  [() => ops.matmul(z(2, 3), z(4, 5)), /^matmul: expected.*equal inner sizes, got \[2, 3\] × \[4, 5\]/],
  [() => ops.matmul(z(3), z(3, 2)), /^matmul: expected.*got \[3\] × \[3, 2\]/],
  [() => ops.matmul(z(3, 2), z()), /^matmul: expected.*got \[3, 2\] × \[\]/],
  [() => ops.matmul(z(2, 3, 4), z(3, 4, 5)), /^matmul: expected.*broadcast.*got \[2\] and \[3\]/],
  [() => ops.matmul(z(2, 2), double(2, 2)), /^matmul: expected tensors of one dtype/],
  [() => ops.linear(z(2, 3), z(4, 5)), /^linear: expected.*got \[2, 3\] and \[4, 5\]/],
  [() => ops.linear(z(), z(4, 5)), /^linear: expected.*got \[\] and/],
  [() => ops.linear(z(2, 3), z(4, 3), z(3)), /^linear: expected bias of shape \[4\], got \[3\]/],
  [() => ops.linear(z(2, 3), z(4, 3), double(4)), /^linear: expected tensors of one dtype/],
  [() => ops.sum(z(2, 3), 2), /^sum: expected a dimension from -2 to 1, got 2/],
  [() => ops.sum(z(2, 3), [0, -2]), /^sum: expected each dimension once, got \[0, 0\]/],
  [() => ops.mean(z(2), 1), /^mean: expected a dimension.*got 1/],
  [() => ops.max(z(2, 0), 1), /^max: expected a dimension with elements, got dimension 1 of \[2, 0\]/],
  [() => ops.max(z(), 0), /^max: expected a tensor with dimensions, got a scalar/],
  [() => ops.argmax(z(0), 0), /^argmax: expected a dimension with elements, got/],
  [() => ops.reshape(z(2, 3), [4]), /^reshape: expected a shape of 6 elements for \[2, 3\], got \[4\]/],
  [() => ops.transpose(z(2, 3), 0, 2), /^transpose: expected a dimension.*got 2/],
  [() => ops.min(z(2, 0), 1), /^min: expected a dimension with elements, got dimension 1 of \[2, 0\]/],
  [() => ops.clamp(z(2), {}), /^clamp: expected min, max or both, got neither/],
  [() => ops.where(z(2), z(3), 1), /^where: expected shapes that broadcast.*got \[2\] and \[3\]/],
  [() => ops.where(z(2), z(2), z(3)), /^where: expected shapes that broadcast.*got \[2\] and \[3\]/],
  [() => ops.where(z(2), z(2), double(2)), /^where: expected tensors of one dtype, got float32 and float64/],
  [() => ops.permute(z(2, 3), [0]), /^permute: expected every dimension once, got \[0\] for \[2, 3\]/],
  [() => ops.permute(z(2, 3), [0, -2]), /^permute: expected each dimension once, got \[0, 0\]/],
  [() => ops.permute(z(2, 3), [0, 2]), /^permute: expected a dimension from -2 to 1, got 2/],
  [() => ops.squeeze(z(2, 3), 2), /^squeeze: expected a dimension from -2 to 1, got 2/],
  [() => ops.unsqueeze(z(2, 3), 3), /^unsqueeze: expected a dimension from -3 to 2, got 3/],
  [() => ops.gather(z(2, 3), 2, [[0]]), /^gather: expected a dimension from -2 to 1, got 2/],
  [() => ops.gather(z(2, 3), 0, [0]), /^gather: expected an index of 2 dimensions, none.*of \[2, 3\], got \[1\]/],
  [() => ops.gather(z(2, 3), 1, [[0], [0], [0]]), /^gather: expected.*none but dimension 1 longer.*got \[3, 1\]/],
  [() => ops.gather(z(2, 3), 1, [[0, 3]]), /^gather: expected an index from 0 to 2, got 3 at position 1/],
  [() => ops.gather(z(2, 3), 0, [[-1]]), /^gather: expected an index from 0 to 1, got -1 at position 0/],
  [() => ops.slice(z(2, 3), 3), /^slice: expected a dimension.*got 3/],
  [() => ops.slice(z(2, 3), 0, 0.5), /^slice: expected integer positions, got 0.5/],
  [() => ops.slice(z(2, 3), 0, Number.NaN), /^slice: expected integer positions, got NaN/],
  [() => ops.indexSelect(z(2, 3), 2, [0]), /^indexSelect: expected a dimension.*got 2/],
  [() => ops.indexSelect(z(), 0, [0]), /^indexSelect: expected a tensor with dimensions, got a scalar/],
  [() => ops.indexSelect(z(2, 3), 1, [0, 3]), /^indexSelect: expected an index from 0 to 2, got 3 at position 1/],
  [() => ops.indexSelect(z(2, 3), 0, [-1]), /^indexSelect: expected an index from 0 to 1, got -1 at position 0/],
  [() => ops.indexSelect(z(2, 3), 0, [[0]]), /^indexSelect: expected an index \[n\], got \[1, 1\]/],
  [() => ops.indexSelect(z(2, 3), 0, [0.5]), /expected 32-bit integers, got 0.5/],
  [() => ops.concat([]), /^concat: expected at least one tensor, got none/],
  [
    () => ops.concat([z(2, 3), z(2, 2)]),
    /^concat: expected shapes that agree outside dimension 0, got \[2, 3\] and \[2, 2\]/,
  ],
  [() => ops.concat([z(2), z(2, 1)]), /^concat: expected.*got \[2\] and \[2, 1\]/],
  [() => ops.concat([z(2), double(2)]), /^concat: expected tensors of one dtype/],
  [() => ops.concat([z()]), /^concat: expected a tensor with dimensions, got a scalar/],
  [() => ops.stack([]), /^stack: expected at least one tensor, got none/],
  [() => ops.stack([z(2), z(3)]), /^stack: expected every shape to be \[2\], got \[3\]/],
  [() => ops.stack([z(2)], 2), /^stack: expected a dimension from -2 to 1, got 2/],
  [() => ops.softmax(z(2), 1), /^softmax: expected a dimension.*got 1/],
  [() => ops.logSoftmax(z()), /^logSoftmax: expected a tensor with dimensions, got a scalar/],
  [() => ops.logsumexp(z(2), 1), /^logsumexp: expected a dimension.*got 1/],
  [() => ops.logsumexp(z()), /^logsumexp: expected a tensor with dimensions, got a scalar/],
  [() => ops.dropout(z(2), 1.5), /^dropout: expected a probability from 0 to 1, got 1.5/],
  [() => ops.dropout(z(2), Number.NaN), /^dropout: expected.*got NaN/],
  [() => ops.embedding([0, 5], z(5, 2)), /^embedding: expected ids from 0 to 4, got 5 at position 1/],
  [() => ops.embedding([-1], z(5, 2)), /^embedding: expected ids from 0 to 4, got -1 at position 0/],
  [() => ops.embedding([0], z(5)), /^embedding: expected a weight \[rows, width\], got \[5\]/],
  [() => ops.embedding([0], z(5, 2), { paddingIdx: -1 }), /^embedding: expected paddingIdx from 0 to 4, got -1/],
  [() => ops.embedding([0], z(5, 2), { paddingIdx: 5 }), /^embedding: expected paddingIdx from 0 to 4, got 5/],
  [() => ops.embedding([0.5], z(5, 2)), /expected 32-bit integers, got 0.5/],
  [
    () => ops.nllLoss(z(2, 3), [0]),
    /^nllLoss: expected \[rows, classes\] and targets \[rows\], got \[2, 3\] and \[1\]/,
  ],
  [
    () => ops.nllLoss(z(2, 3), [0, 3]),
    /^nllLoss: expected targets from 0 to 2 \(or -100, ignored\), got 3 at position 1/,
  ],
  [() => ops.nllLoss(z(2, 3), [0, 1], { weight: z(2) }), /^nllLoss: expected weight of shape \[3\], got \[2\]/],
  [() => ops.crossEntropy(z(2, 3), [0, 1], { weight: double(3) }), /^crossEntropy: expected tensors of one dtype/],
  [() => ops.layerNorm(z(2, 3), [2]), /^layerNorm: expected a normalizedShape.*got \[2\] for \[2, 3\]/],
  [() => ops.layerNorm(z(2, 3), []), /^layerNorm: expected a normalizedShape of one dimension.*got \[\] for \[2, 3\]/],
  [() => ops.layerNorm(z(3), [2, 3]), /^layerNorm: expected.*got \[2, 3\] for \[3\]/],
  [() => ops.layerNorm(z(2, 3), [3], z(2)), /^layerNorm: expected weight of shape \[3\], got \[2\]/],
  [() => ops.layerNorm(z(2, 3), [3], null, z(2, 3)), /^layerNorm: expected bias of shape \[3\], got \[2, 3\]/],
  [() => ops.layerNorm(z(2, 3), [3], double(3)), /^layerNorm: expected tensors of one dtype/],
  [() => ops.layerNorm(z(2, 3), [3], null, null, -1), /^layerNorm: expected eps ≥ 0, got -1/],
  [
    () => ops.nllLoss(z(2, 3), [0, 1], { weight: zeros([3], { requiresGrad: true }) }),
    /^nllLoss: expected a weight that requires no grad, as it gets none here, got one that does/,
  ],
  [
    () => ops.binaryCrossEntropyWithLogits(z(2), z(2), { posWeight: zeros([2], { requiresGrad: true }) }),
    /^binaryCrossEntropyWithLogits: expected a posWeight that requires no grad/,
  ],
  [() => ops.mseLoss(z(2, 1), z(2)), /^mseLoss: expected a target of shape \[2, 1\], got \[2\]/],
  [() => ops.mseLoss(z(2), double(2)), /^mseLoss: expected tensors of one dtype/],
  [() => ops.binaryCrossEntropyWithLogits(z(2), z(1)), /^binaryCross.*: expected a target of shape \[2\], got \[1\]/],
  [
    () => ops.binaryCrossEntropyWithLogits(z(2), z(2), { weight: z(3, 2) }),
    /^binaryCrossEntropyWithLogits: expected weight that broadcasts to \[2\], got \[3, 2\]/,
  ],
  [
    () => ops.binaryCrossEntropyWithLogits(z(2), z(2), { posWeight: z(3) }),
    /^binaryCrossEntropyWithLogits: expected shapes that broadcast.*got \[2\] and \[3\]/,
  ],
  [() => ops.crossEntropy(z(2, 3, 4), [0, 0]), /^crossEntropy: expected.*got \[2, 3, 4\] and \[2\]/],
  [() => ops.crossEntropy(z(2, 3), [[0], [1]]), /^crossEntropy: expected.*got \[2, 3\] and \[2, 1\]/],
  [() => ops.crossEntropy(z(2, 3), [-1, 0]), /^crossEntropy: expected targets.*got -1 at position 0/],
  [
    () => ops.crossEntropy(z(1, 3), [0], { labelSmoothing: 2 }),
    /^crossEntropy: expected labelSmoothing to be a number in \[0, 1\], got 2/,
  ],
  [
    () => ops.dotAttention(z(2, 3), z(4, 3, 3), z(4, 3, 5)),
    /^dotAttention: expected a query \[T, R, width\] and keys \[S, B, width\], got \[2, 3\] and \[4, 3, 3\]/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 3, 3), z(4, 3, 5)),
    /^dotAttention: expected.*got \[2, 3, 4\] and \[4, 3, 3\]/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 3, 4), z(5, 3, 5)),
    /^dotAttention: expected values of shape \[4, 3, 5\], got \[5, 3, 5\]/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(0, 3, 4), z(0, 3, 5)),
    /^dotAttention: expected keys of one place.*got \[0, 3, 4\]/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 2, 4), z(4, 2, 5)),
    /^dotAttention: expected a row of queries for each of 2 sentences, got 3/,
  ],
  [() => ops.attentionMix(z(2, 3), z(4, 3, 5)), /^attentionMix: expected weights \[T, R, S\], got \[2, 3\]/],
  [
    () => ops.attentionMix(z(2, 3, 5), z(4, 3, 5)),
    /^attentionMix: expected weights of shape \[2, 3, 4\], got \[2, 3, 5\]/,
  ],
  [() => ops.attentionMix(z(2, 3, 4), z(4, 2, 5)), /^attentionMix: expected a row of queries for each of 2.*got 3/],
  [() => ops.attentionMix(z(2, 3, 4), double(4, 3, 5)), /^attentionMix: expected tensors of one dtype/],
  [() => ops.dotAttention(z(2, 3, 4), z(4, 3, 4), double(4, 3, 5)), /^dotAttention: expected tensors of one dtype/],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 3, 4), z(4, 3, 5), { lengths: [1, 2] }),
    /^dotAttention: expected 3 lengths, one for each sentence, got shape \[2\]/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 3, 4), z(4, 3, 5), { lengths: [1, 0, 5] }),
    /^dotAttention: expected lengths from 1 to 4, got 0 for sentence 1/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 2, 4), z(4, 2, 5), { columns: Int32Array.of(0, 1) }),
    /^dotAttention: expected 3 columns, one for each row of queries, got 2/,
  ],
  [
    () => ops.dotAttention(z(2, 3, 4), z(4, 2, 4), z(4, 2, 5), { columns: Int32Array.of(0, 1, 2) }),
    /^dotAttention: expected columns from 0 to 1, got 2 for row 2/,
  ],
  [
    () =>
      ops.dotAttention(z(1, 1, 4), zeros([4, 1, 4], { requiresGrad: true }), z(4, 1, 5), { columns: Int32Array.of(0) }),
    /^dotAttention: expected no columns where a gradient is wanted, got 1/,
  ],
  [
    () => ops.additiveAttention(z(2, 3, 4), z(4, 3, 4), z(1, 4), z(4, 3, 5)),
    /^additiveAttention: expected v of shape \[4\], got \[1, 4\]/,
  ],
  [
    () => ops.additiveAttention(z(2, 3, 4), z(4, 3, 4), double(4), z(4, 3, 5)),
    /^additiveAttention: expected tensors of one dtype/,
  ],
  [() => ops.gru(z(2, 3), null, weights(6, 3, 2)), /^gru: expected an input \[T, B, 3\], got \[2, 3\]/],
  [() => ops.gru(z(2, 3, 4), null, weights(6, 3, 2)), /^gru: expected an input \[T, B, 3\], got \[2, 3, 4\]/],
  [() => ops.gru(z(2, 1, 3), null, weights(5, 3, 2)), /^gru: expected weightIh of shape \[6, 3\], got \[5, 3\]/],
  [
    () => ops.rnn(z(2, 1, 3), null, { ...weights(2, 3, 2), weightHh: z(3, 2) }),
    /^rnn: expected weightHh of shape \[2, 2\], got \[3, 2\]/,
  ],
  [() => ops.lstm(z(2, 1, 3), null, null, weights(8, 3, 2, [7])), /^lstm: expected bias of shape \[8\], got \[7\]/],
  [
    () => ops.gru(z(2, 4, 3), z(3, 2), weights(6, 3, 2)),
    /^gru: expected initial state of shape \[4, 2\], got \[3, 2\]/,
  ],
  [
    () => ops.lstm(z(2, 4, 3), null, z(4, 3), weights(8, 3, 2)),
    /^lstm: expected initial state of shape \[4, 2\], got \[4, 3\]/,
  ],
  [
    () => ops.gru(double(2, 1, 3), null, weights(6, 3, 2)),
    /^gru: expected tensors of one dtype, got float64 and float32/,
  ],
  [
    () => ops.gru(z(2, 2, 3), null, weights(6, 3, 2), { lengths: [1] }),
    /^gru: expected 2 lengths, one for each sequence, got shape \[1\]/,
  ],
  [
    () => ops.rnn(z(2, 2, 3), null, weights(2, 3, 2), { lengths: [1, 3] }),
    /^rnn: expected lengths from 1 to 2, got 3 for sequence 1/,
  ],
  [
    () => ops.lstm(z(2, 2, 3), null, null, weights(8, 3, 2), { lengths: [0, 2] }),
    /^lstm: expected lengths from 1 to 2, got 0/,
  ],
  [
    () => ops.conditional(gru, z(2, 3), null, null, pair, seen(3, 4)),
    /^conditional gru: expected an input \[T, B, F\], got \[2, 3\]/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), null, null, { ...pair, second: pair.first }, seen(3, 4)),
    /^conditional gru: expected weightIh of shape \[6, 5\], got \[6, 3\]/,
  ],
  [
    () => ops.conditional(lstm, z(2, 4, 3), null, null, pair, seen(3, 4)),
    /^conditional lstm: expected weightIh of shape \[8, 3\], got \[6, 3\]/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), z(3, 2), null, pair, seen(3, 4)),
    /^conditional gru: expected initial state of shape \[4, 2\], got \[3, 2\]/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), null, null, pair, seen(3, 5)),
    /^conditional gru: expected a row of queries for each of 5 sentences, got 4/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), null, null, pair, { ...seen(3, 4), lengths: [1, 2, 3, 4] }),
    /^conditional gru: expected lengths from 1 to 3, got 4 for sentence 3/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), null, null, pair, seen(3, 4), { lengths: [1, 2, 3, 1] }),
    /^conditional gru: expected lengths from 1 to 2, got 3 for sequence 2/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), null, null, pair, { ...seen(3, 4), additive: { query: z(3, 2), v: z(2) } }),
    /^conditional gru: expected query of shape \[2, 2\], got \[3, 2\]/,
  ],
  [
    () => ops.conditional(gru, z(2, 4, 3), null, null, pair, { ...seen(3, 4), additive: { query: z(2, 2), v: z(3) } }),
    /^conditional gru: expected v of shape \[2\], got \[3\]/,
  ],
  [
    () => ops.conditional(gru, double(2, 4, 3), null, null, pair, seen(3, 4)),
    /^conditional gru: expected tensors of one dtype, got float64 and float32/,
  ],
  [
    () => {
      const x = zeros([2, 1, 3], { requiresGrad: true });
      return ops.conditional(gru, x, null, null, pair, { ...seen(3, 4), columns: Int32Array.of(2) });
    },
    /^conditional gru: expected no columns where a gradient is wanted, got 1/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4, 3), {}, { ...feeding, layers: [] }, seen(3, 4)),
    /^inputFeeding gru: expected a layer or more, got none/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4), {}, feeding, seen(3, 4)),
    /^inputFeeding gru: expected an input \[T, B, F\], got \[2, 4\]/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4, 4), {}, feeding, seen(3, 4)),
    /^inputFeeding gru: expected weightIh of shape \[6, 8\], got \[6, 7\]/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4, 3), {}, { ...feeding, combine: z(4, 6) }, seen(3, 4)),
    /^inputFeeding gru: expected combine of shape \[4, 7\], got \[4, 6\]/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4, 3), {}, { ...feeding, combineBias: z(3) }, seen(3, 4)),
    /^inputFeeding gru: expected combineBias of shape \[4\], got \[3\]/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4, 3), { feature: z(4, 3) }, feeding, seen(3, 4)),
    /^inputFeeding gru: expected feature of shape \[4, 4\], got \[4, 3\]/,
  ],
  [
    () => ops.inputFeeding(gru, z(2, 4, 3), {}, feeding, seen(3, 4), { dropout: 1.5 }),
    /^inputFeeding gru: expected dropout to be a number in \[0, 1\], got 1.5/,
  ],
];

it.each(faults.map(([call, message]) => ({ call, message })))("$message", ({ call, message }) => {
  expect(call).toThrow(message);
  // RangeError for shapes and values, TypeError for kinds.
  expect(call).toThrow(/dtype|two numbers|32-bit/.test(message.source) ? TypeError : RangeError);
});

it("a call that fails leaves nothing behind", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  expect(() => ops.add(x, z(3))).toThrow();
  ops.sum(ops.mul(x, 2)).backward();
  expect(x.grad?.toArray()).toEqual([2, 2]);
});
