import { expect, it } from "vitest";
import * as nn from "../../src/nn/index.js";
import { zeros } from "../../src/tensor/index.js";

const gru = new nn.GRU(3, 4, { numLayers: 2 });
const lstm = new nn.LSTM(3, 4, { batchFirst: true, bidirectional: true });
const table = new nn.Embedding(10, 3);

const faults: [() => unknown, RegExp][] = [
  [() => new nn.Embedding(0, 3), /^Embedding: expected numEmbeddings ≥ 1, got 0/],
  [() => new nn.Embedding(5, 3, { paddingIdx: 5 }), /^Embedding: expected paddingIdx from 0 to 4, got 5/],
  [() => new nn.Embedding(5, 3, { paddingIdx: 1.5 }), /^Embedding: expected paddingIdx from 0 to 4, got 1.5/],
  [() => new nn.Linear(0, 3), /^Linear: expected inFeatures ≥ 1, got 0/],
  [() => new nn.Linear(3, 1.5), /^Linear: expected outFeatures ≥ 1, got 1.5/],
  [() => new nn.GRU(0, 3), /^GRU: expected inputSize ≥ 1, got 0/],
  [() => new nn.RNN(3, 3, { numLayers: 0 }), /^RNN: expected numLayers to be an integer ≥ 1, got 0/],
  [() => new nn.LSTM(3, 3, { dropout: 2 }), /^LSTM: expected dropout to be a number in \[0, 1\], got 2/],
  [() => new nn.GRUCell(3, -1), /^GRUCell: expected hiddenSize ≥ 1, got -1/],
  [() => new nn.Dropout(-0.1), /^Dropout: expected a probability from 0 to 1, got -0.1/],
  [() => table.forward([[3, 10]]), /^embedding: expected ids from 0 to 9, got 10 at position 1/],
  [() => new nn.Linear(3, 2).forward(zeros([2, 4])), /^linear: expected.*got \[2, 4\] and \[2, 3\]/],
  [() => gru.forward(zeros([5, 3])), /^GRU: expected an input \[T, B, F\], got \[5, 3\]/],
  [() => lstm.forward(zeros([5, 3])), /^LSTM: expected an input \[B, T, F\], got \[5, 3\]/],
  [() => gru.forward(zeros([5, 2, 4])), /^gru: expected an input \[T, B, 3\], got \[5, 2, 4\]/],
  [() => gru.forward(zeros([5, 2, 3]), zeros([1, 2, 4])), /^GRU: expected a state \[2, 2, 4\], got \[1, 2, 4\]/],
  [
    () => lstm.forward(zeros([2, 5, 3]), [zeros([2, 2, 4]), zeros([2, 2, 5])]),
    /^LSTM: expected a state \[2, 2, 4\], got \[2, 2, 5\]/,
  ],
  [
    () => gru.forward(zeros([5, 2, 3]), null, { lengths: [6, 1] }),
    /^gru: expected lengths from 1 to 5, got 6 for sequence 0/,
  ],
  [
    () => gru.forward(zeros([5, 2, 3]), null, { lengths: [5] }),
    /^gru: expected 2 lengths, one for each sequence, got shape \[1\]/,
  ],
  [() => new nn.RNNCell(3, 4).forward(zeros([3])), /^RNNCell: expected an input \[B, F\], got \[3\]/],
  [
    () => new nn.GRUCell(3, 4).forward(zeros([2, 3]), zeros([2, 3])),
    /^gru: expected initial state of shape \[2, 4\], got \[2, 3\]/,
  ],
  [
    () => new nn.CrossEntropyLoss().forward(zeros([2, 3]), [1, 5]),
    /^crossEntropy: expected targets from 0 to 2.*got 5/,
  ],
];

it.each(faults.map(([call, message]) => ({ call, message })))("$message", ({ call, message }) => {
  expect(call).toThrow(message);
  expect(call).toThrow(RangeError);
});
