/** The gradient check's rows of modules, built with float64 parameters, and of whole models made of them. */
import { concat, relu, reshape, slice } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, type Tensor } from "../../src/tensor/index.js";
import { type Check, check, withSmallSteps } from "../support/checks.js";
import { joined } from "../support/compare.js";
import { leaf } from "../support/leaves.js";

const float64 = () => ({ dtype: "float64" as const, generator: new Generator(5) });

/** Checks a module's parameters together with its inputs. */
function moduleCheck(label: string, module: nn.Module, inputs: readonly Tensor[], fn: () => Tensor): Check {
  return check(label, [...module.parameters(), ...inputs], fn);
}

const [T, B, F, H] = [3, 2, 2, 2];
const posWeight = leaf(3).detach();

/** layers × directions × lengths × batchFirst, with and without states; `forward` gives all outputs. */
function recurrent<M extends nn.Module>(
  make: (options: nn.RecurrentModuleOptions) => M,
  states: number,
  forward: (module: M, x: Tensor, states: readonly Tensor[], options: nn.SequenceOptions) => readonly Tensor[],
): Check[] {
  const checks: Check[] = [];
  for (const numLayers of [1, 2]) {
    for (const bidirectional of [false, true]) {
      for (const lengths of [undefined, [1, 3]]) {
        const given = lengths ? states : 0;
        const batchFirst = bidirectional;
        const module = make({ numLayers, bidirectional, batchFirst, bias: numLayers === 2, ...float64() });
        const x = batchFirst ? leaf(B, T, F) : leaf(T, B, F);
        const initial = Array.from({ length: given }, () => leaf(numLayers * (bidirectional ? 2 : 1), B, H));
        checks.push(
          moduleCheck(
            `${numLayers} layers, bidirectional ${bidirectional}, lengths ${lengths}`,
            module,
            [x, ...initial],
            () => joined(forward(module, x, initial, { lengths })),
          ),
        );
      }
    }
  }
  return checks;
}

/** Normalised and residual layers; not of RNN, whose products here are of two numbers: normalised, these are 1 and −1. */
function deep<M extends nn.Module>(
  make: (options: nn.RecurrentModuleOptions) => M,
  states: number,
  forward: (module: M, x: Tensor, states: readonly Tensor[], options: nn.SequenceOptions) => readonly Tensor[],
): Check[] {
  const module = make({ numLayers: 3, layerNorm: true, residual: true, ...float64() });
  const [x, initial] = [leaf(T, B, F), Array.from({ length: states }, () => leaf(3, B, H))];
  const label = "three layers, normalised and residual";
  return withSmallSteps([
    moduleCheck(label, module, [x, ...initial], () => joined(forward(module, x, initial, { lengths: [1, 3] }))),
  ]);
}

function cell<M extends nn.Module>(
  make: (options: nn.CellOptions) => M,
  states: number,
  forward: (module: M, x: Tensor, states: readonly Tensor[]) => readonly Tensor[],
): Check[] {
  return [0, states].flatMap((given) =>
    [false, true].map((bias) => {
      const module = make({ bias, ...float64() });
      const x = leaf(B, F);
      const initial = Array.from({ length: given }, () => leaf(B, H));
      return moduleCheck(`${given} states, bias ${bias}`, module, [x, ...initial], () =>
        joined(forward(module, x, initial)),
      );
    }),
  );
}

const pair = ([h, c]: readonly Tensor[]): [Tensor, Tensor] | null => (h ? [h, c] : null);

/** Keys and one question, with lengths; memory of width E, queries of width H. */
function attention(module: nn.Attention, E: number): Check {
  const [query, memory] = [leaf(T, B, H), leaf(4, B, E)];
  return moduleCheck(`memory of width ${E}`, module, [query, memory], () =>
    joined(module.forward(query, module.keys(memory, [4, 2]))),
  );
}

/** One row for each class that nn exports, but for the abstract ones. */
export const moduleRows: Record<string, Check[]> = {
  Embedding: [{}, { paddingIdx: 2 }].map((options) => {
    const module = new nn.Embedding(5, 2, { ...options, ...float64() });
    return moduleCheck(JSON.stringify(options), module, [], () =>
      module.forward([
        [0, 4],
        [4, 1],
      ]),
    );
  }),
  Linear: [true, false].map((bias) => {
    const module = new nn.Linear(3, 2, { bias, ...float64() });
    const x = leaf(2, 2, 3);
    return moduleCheck(`bias ${bias}`, module, [x], () => module.forward(x));
  }),
  LayerNorm: [{}, { bias: false }, { elementwiseAffine: false }].map((options) => {
    const module = new nn.LayerNorm([2, 3], { dtype: "float64", ...options });
    const x = leaf(4, 2, 3);
    return moduleCheck(JSON.stringify(options), module, [x], () => module.forward(x));
  }),
  Dropout: [
    // A new module each time: gradcheck needs the same mask at every evaluation.
    check("training", [leaf(3, 4)], (x) => new nn.Dropout(0.3, { generator: new Generator(2) }).forward(x)),
  ],
  RNN: withSmallSteps(
    (["tanh", "relu"] as const).flatMap((nonlinearity) =>
      recurrent(
        (options) => new nn.RNN(F, H, { nonlinearity, ...options }),
        1,
        (module, x, [h0], options) => module.forward(x, h0, options),
      ),
    ),
  ),
  GRU: [recurrent, deep].flatMap((rows) =>
    rows(
      (options) => new nn.GRU(F, H, options),
      1,
      (module, x, [h0], options) => module.forward(x, h0, options),
    ),
  ),
  LSTM: [recurrent, deep].flatMap((rows) =>
    rows(
      (options) => new nn.LSTM(F, H, options),
      2,
      (module, x, states, options) => module.forward(x, pair(states), options).flat(),
    ),
  ),
  RNNCell: withSmallSteps(
    (["tanh", "relu"] as const).flatMap((nonlinearity) =>
      cell(
        (options) => new nn.RNNCell(F, H, { nonlinearity, ...options }),
        1,
        (module, x, [h]) => [module.forward(x, h)],
      ),
    ),
  ),
  GRUCell: cell(
    (options) => new nn.GRUCell(F, H, options),
    1,
    (module, x, [h]) => [module.forward(x, h)],
  ),
  LSTMCell: cell(
    (options) => new nn.LSTMCell(F, H, options),
    2,
    (module, x, states) => module.forward(x, pair(states)),
  ),
  DotAttention: [attention(new nn.DotAttention(), H)],
  GeneralAttention: [attention(new nn.GeneralAttention(H, 3, float64()), 3)],
  AdditiveAttention: [
    attention(new nn.AdditiveAttention(H, 3, 4, float64()), 3),
    attention(new nn.AdditiveAttention(H, H, undefined, float64()), H),
  ],
  Sequential: [
    (() => {
      const module = new nn.Sequential(new nn.Linear(3, 4, float64()), new nn.LayerNorm(4, { dtype: "float64" }));
      const x = leaf(2, 3);
      return moduleCheck("two layers", module, [x], () => module.forward(x));
    })(),
  ],
  ModuleList: [
    (() => {
      const module = new nn.ModuleList([new nn.Linear(3, 2, float64()), new nn.Linear(3, 4, float64())]);
      const x = leaf(2, 3);
      return moduleCheck("side by side", module, [x], () => joined([...module].map((each) => each.forward(x))));
    })(),
  ],
  LogSoftmax: [check("dim 0", [leaf(2, 3)], (x) => new nn.LogSoftmax(0).forward(x))],
  NLLLoss: [check("ignoreIndex", [leaf(3, 2)], (x) => new nn.NLLLoss({ ignoreIndex: 0 }).forward(x, [1, 0, 1]))],
  MSELoss: [check("sum", [leaf(3), leaf(3)], (x, y) => new nn.MSELoss({ reduction: "sum" }).forward(x, y))],
  BCEWithLogitsLoss: [
    check("posWeight", [leaf(2, 3), leaf(2, 3)], (x, y) => new nn.BCEWithLogitsLoss({ posWeight }).forward(x, y)),
  ],
  CrossEntropyLoss: [
    check("smoothing", [leaf(3, 2)], (x) => new nn.CrossEntropyLoss({ labelSmoothing: 0.2 }).forward(x, [1, 0, 1])),
  ],
};

/** A whole encoder–decoder–loss through 12 steps each, all parameters checked together. */
function encoderDecoderLoss(stepwise: boolean): Check {
  const [words, width, steps] = [6, 3, 12];
  const draw = new Generator(9);
  const ids = (): number[][] =>
    Array.from({ length: steps }, () => [1 + draw.integer(words - 1), 1 + draw.integer(words - 1)]);
  const [source, fed, wanted] = [ids(), ids(), ids().flat()];
  const embedded = new nn.Embedding(words, width, float64());
  const encoder = new nn.GRU(width, width, float64());
  const target = new nn.Embedding(words, width, { ...float64(), generator: new Generator(6) });
  const decoder = new nn.GRU(width, width, { ...float64(), generator: new Generator(7) });
  const out = new nn.Linear(width, words, float64());
  const parameters = [embedded, encoder, target, decoder, out].flatMap((module) => module.parameters());
  return check(stepwise ? "token by token, weights shared over time" : "whole sequences", parameters, () => {
    let [, h] = encoder.forward(embedded.forward(source), null, { lengths: [12, 7] });
    const inputs = relu(target.forward(fed));
    const outputs: Tensor[] = [];
    for (let t = 0; t < (stepwise ? steps : 1); t++) {
      const [output, next] = decoder.forward(stepwise ? slice(inputs, 0, t, t + 1) : inputs, h);
      outputs.push(output);
      h = next;
    }
    const logits = out.forward(reshape(concat(outputs), [steps * 2, width]));
    return nn.functional.crossEntropy(logits, wanted, { ignoreIndex: 3, labelSmoothing: 0.1 });
  });
}

export const wholeModels = { "encoder, decoder and loss": [encoderDecoderLoss(false), encoderDecoderLoss(true)] };
