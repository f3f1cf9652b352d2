/** Every layer and loss against PyTorch: its state dict is loaded as it is spelled, and must give the same numbers. */
import { afterAll, describe, expect, it } from "vitest";
import { reshape, slice, stack, sum } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { type Tensor, tensor } from "../../src/tensor/index.js";
import { projection } from "../support/compare.js";
import {
  Differences,
  type ElementLossCase,
  golden,
  type LossCase,
  restored,
  restoredOptions,
  restoredState,
  type Stored,
} from "../support/golden.js";

const LAYERS = { RNN: nn.RNN, GRU: nn.GRU, LSTM: nn.LSTM };
const CELLS = { RNNCell: nn.RNNCell, GRUCell: nn.GRUCell, LSTMCell: nn.LSTMCell };

const found = new Differences();
const { outputBound, gradientBound } = Differences;
afterAll(() =>
  console.info(
    `PyTorch: largest difference of outputs ${found.largestOutput.toExponential(2)}, of gradients ${found.largestGradient.toExponential(2)}`,
  ),
);

it.each(golden.embedding)("Embedding $options", ({ options, state, input, output, gradients }) => {
  const module = new nn.Embedding(6, 3, options);
  module.loadStateDict(restoredState(state));
  const y = module.forward(input);
  expect(found.output(y, output)).toBeLessThanOrEqual(outputBound);
  projection(y).backward();
  expect(found.gradients(module, gradients)).toBeLessThanOrEqual(gradientBound);
});

it.each(golden.linear)("Linear $options, input $input.shape", (example) => {
  const module = new nn.Linear(4, 5, example.options);
  module.loadStateDict(restoredState(example.state));
  const x = restored(example.input);
  const y = module.forward(x);
  expect(found.output(y, example.output)).toBeLessThanOrEqual(outputBound);
  projection(y).backward();
  expect(found.gradient(x, example.inputGradient)).toBeLessThanOrEqual(gradientBound);
  expect(found.gradients(module, example.gradients)).toBeLessThanOrEqual(gradientBound);
});

it.each(golden.layerNorm)("LayerNorm $shape $options", (example) => {
  const module = new nn.LayerNorm(example.shape, example.options);
  module.loadStateDict(restoredState(example.state));
  const x = restored(example.input);
  const y = module.forward(x);
  expect(found.output(y, example.output)).toBeLessThanOrEqual(outputBound);
  projection(y).backward();
  // Rows that are all alike have slopes of 1 / √eps.
  expect(relative(x.grad as Tensor, example.inputGradient)).toBeLessThanOrEqual(gradientBound);
  if (example.options.elementwiseAffine !== false) {
    expect(found.gradients(module, example.gradients)).toBeLessThanOrEqual(gradientBound);
  }
});

/** Compares outputs, and the gradients of everything that went in. */
function compare(
  module: nn.Module,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  expected: Pick<(typeof golden.cells)[number], "outputs" | "inputGradients" | "gradients">,
): void {
  expect(outputs).toHaveLength(expected.outputs.length);
  outputs.forEach((y, i) => {
    expect(found.output(y, expected.outputs[i])).toBeLessThanOrEqual(outputBound);
  });
  module.zeroGrad();
  projection(...outputs).backward();
  inputs.forEach((x, i) => {
    expect(found.gradient(x, expected.inputGradients[i])).toBeLessThanOrEqual(gradientBound);
  });
  expect(found.gradients(module, expected.gradients)).toBeLessThanOrEqual(gradientBound);
}

describe.each(golden.recurrent)("$kind $options", ({ kind, options, state, cases }) => {
  it.each(cases)("lengths $lengths, states $states, batchFirst $batchFirst", (example) => {
    const { lengths, batchFirst } = example;
    const module = new LAYERS[kind](2, 3, { ...options, batchFirst });
    module.loadStateDict(restoredState(state));
    const { x, h0, c0 } = golden.recurrentInputs;
    // The stored x is [T, B, F].
    const [T, B, F] = x.shape;
    const rows = (t: number, b: number): readonly number[] => x.data.slice((t * B + b) * F, (t * B + b + 1) * F);
    const swapped = Array.from({ length: B }, (_, b) => Array.from({ length: T }, (_, t) => rows(t, b))).flat(2);
    const input = restored(batchFirst ? { shape: [B, T, F], data: swapped } : x);
    const count = module.numLayers * (module.bidirectional ? 2 : 1);
    const states = (kind === "LSTM" ? [h0, c0] : [h0]).map((stored) => {
      const part = slice(restored(stored), 0, 0, count);
      return restored({ shape: part.shape, data: [...part.data] });
    });
    const given = example.states ? states : [];
    const sequence = lengths ? { lengths } : {};
    const outputs =
      module instanceof nn.LSTM
        ? module.forward(input, example.states ? [states[0], states[1]] : null, sequence).flat()
        : module.forward(input, given[0], sequence);
    compare(module, [input, ...given], outputs, example);
  });
});

it.each(golden.cells)("$kind $options", (example) => {
  const module = new CELLS[example.kind](2, 3, example.options);
  module.loadStateDict(restoredState(example.state));
  const inputs = example.inputs.map(restored);
  const [x, h, c] = inputs;
  const outputs = module instanceof nn.LSTMCell ? module.forward(x, [h, c]) : [module.forward(x, h)];
  compare(module, inputs, outputs, example);
});

function loss(fn: (x: Tensor, options: Record<string, unknown>) => Tensor): (example: LossCase) => void {
  return ({ options, output, gradient }) => {
    const x = restored(golden.lossInputs.logits);
    const y = fn(x, restoredOptions(options));
    expect(found.output(y, output)).toBeLessThanOrEqual(outputBound);
    projection(y).backward();
    expect(found.gradient(x, gradient)).toBeLessThanOrEqual(gradientBound);
  };
}

const { logits, targets } = golden.lossInputs;
it.each(golden.logSoftmax)(
  "LogSoftmax $options",
  loss((x, options) => new nn.LogSoftmax(options.dim as number).forward(x)),
);
it.each(golden.nllLoss)(
  "NLLLoss $options",
  loss((x, options) => new nn.NLLLoss(options).forward(new nn.LogSoftmax().forward(x), targets)),
);
it.each(golden.crossEntropy)(
  "CrossEntropyLoss $options",
  loss((x, options) => new nn.CrossEntropyLoss(options).forward(x, targets)),
);

/** The largest difference, of each number in relation to 1 + its size. */
function relative({ data }: Tensor, expected: Stored): number {
  return Math.max(...expected.data.map((value, i) => Math.abs(data[i] - value) / (1 + Math.abs(value))));
}

function elementLoss(make: (options: Record<string, unknown>) => nn.MSELoss | nn.BCEWithLogitsLoss) {
  return ({ options, output, gradient, targetGradient }: ElementLossCase): void => {
    const [x, target] = [restored(golden.elementLossInputs.x), restored(golden.elementLossInputs.target)];
    const y = make(restoredOptions(options)).forward(x, target);
    projection(y).backward();
    // Some are of order 1,000,000.
    expect(relative(y, output)).toBeLessThanOrEqual(outputBound);
    expect(relative(x.grad as Tensor, gradient)).toBeLessThanOrEqual(outputBound);
    expect(relative(target.grad as Tensor, targetGradient)).toBeLessThanOrEqual(outputBound);
  };
}

it.each(golden.mse)(
  "MSELoss $options.reduction",
  elementLoss((options) => new nn.MSELoss(options)),
);
it.each(golden.bceWithLogits)(
  "BCEWithLogitsLoss $options",
  elementLoss((options) => new nn.BCEWithLogitsLoss(options)),
);

it("losses of nothing are NaN in the mean and 0 in the sum, as in PyTorch", () => {
  const nothing = tensor(new Float32Array(0), [0, 2], { requiresGrad: true });
  for (const loss of [nn.functional.mseLoss, nn.functional.binaryCrossEntropyWithLogits]) {
    expect(loss(nothing, nothing).item()).toBeNaN();
    expect(loss(nothing, nothing, { reduction: "sum" }).item()).toBe(0);
  }
  // Targets whose classes have no weight at all: 0 / 0.
  const weight = tensor([0, 0, 0, 0]);
  expect(nn.functional.crossEntropy(restored(logits), targets, { weight }).item()).toBeNaN();
  expect(nn.functional.crossEntropy(restored(logits), targets, { weight, reduction: "sum" }).item()).toBe(0);
});

it("gives NaN for the mean over no target at all, and no gradient, as PyTorch does", () => {
  const x = restored(logits);
  const y = nn.functional.crossEntropy(x, [1, 1, 1, 1, 1], { ignoreIndex: 1 });
  expect(y.item()).toBeNaN();
  y.backward();
  expect([...(x.grad as Tensor).data].every((value) => value === 0)).toBe(true);
});

/** The two classes that started the project, made of layers here; the library's own are compared in test/seq2seq. */
it("the tutorial's encoder and decoder, token by token", () => {
  const { sizes, source, target, ...expected } = golden.seq2seq;
  const pair = (words: number, out: boolean) => {
    class Part extends nn.Module {
      readonly embedding = this.registerModule("embedding", new nn.Embedding(words, sizes.hidden));
      readonly gru = this.registerModule("gru", new nn.GRU(sizes.hidden, sizes.hidden));
      readonly out = out ? this.registerModule("out", new nn.Linear(sizes.hidden, sizes.output)) : null;
    }
    return new Part();
  };
  const [encoder, decoder] = [pair(sizes.input, false), pair(sizes.output, true)];
  encoder.loadStateDict(restoredState(expected.encoder));
  decoder.loadStateDict(restoredState(expected.decoder));

  let h: Tensor | null = null;
  source.forEach((token, t) => {
    const [output, next] = encoder.gru.forward(encoder.embedding.forward([[token]]), h);
    expect(found.output(output, expected.encoderOutputs[t])).toBeLessThanOrEqual(outputBound);
    h = next;
  });
  expect(found.output(h as unknown as Tensor, expected.encoderHidden)).toBeLessThanOrEqual(outputBound);
  const losses = target.slice(0, -1).map((token, t) => {
    const [output, next] = decoder.gru.forward(nn.functional.relu(decoder.embedding.forward([[token]])), h);
    h = next;
    const logp = nn.functional.logSoftmax((decoder.out as nn.Linear).forward(reshape(output, [1, sizes.hidden])), 1);
    expect(found.output(logp, expected.decoderOutputs[t])).toBeLessThanOrEqual(outputBound);
    return nn.functional.nllLoss(logp, [target[t + 1]]);
  });
  expect(found.output(h as unknown as Tensor, expected.decoderHidden)).toBeLessThanOrEqual(outputBound);
  const total = sum(stack(losses));
  // A sum of six losses of about 2.5 each: 1e-5 of its size.
  expect(Math.abs(total.item() - expected.loss) / expected.loss).toBeLessThanOrEqual(outputBound);
  total.backward();
  expect(found.gradients(encoder, expected.encoderGradients)).toBeLessThanOrEqual(gradientBound);
  expect(found.gradients(decoder, expected.decoderGradients)).toBeLessThanOrEqual(gradientBound);
});
