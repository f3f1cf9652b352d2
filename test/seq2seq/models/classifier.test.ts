import { describe, expect, test } from "vitest";
import { argmax } from "../../../src/autograd/index.js";
import { Adam } from "../../../src/optim/index.js";
import { padSources } from "../../../src/seq2seq/data/batch.js";
import { padFrames } from "../../../src/seq2seq/data/frames.js";
import { SequenceClassifier } from "../../../src/seq2seq/models/classifier.js";
import { type ClassifierConfig, isClassifierConfig } from "../../../src/seq2seq/models/classifierConfig.js";
import { update } from "../../../src/seq2seq/training/update.js";
import { Generator, IntTensor, randn, Tensor, zeros } from "../../../src/tensor/index.js";
import { wrong } from "../../support/wrong.js";

type Made = Partial<ClassifierConfig>;
const generator = new Generator(2);
const sequences = [7, 1, 4, 10].map((length) => randn([length, 3], { generator }));
const sentences = [[4, 6, 5], [], [7, 7, 7, 4, 5], [6]];
const classes = [3, 0, 1, 1];

const poolings = ["last", "mean", "attention"] as const;
const configs: Made[] = [
  ...poolings.flatMap((pooling): Made[] => [
    { pooling, features: 3 },
    { pooling, features: 3, cell: "lstm", numLayers: 3, bidirectional: true, stack: 2, subsample: 1 },
    { pooling, inputSize: 8, bidirectional: true, numLayers: 2, residual: true, layerNorm: true },
  ]),
  { pooling: "last", inputSize: 8, embeddingSize: 5, cell: "rnn" },
];

function made(config: Made): SequenceClassifier {
  return new SequenceClassifier({ classes: 4, hiddenSize: 6, ...config }, { generator: new Generator(1) });
}

/** The batch that a model reads, with `more` steps behind, and something in all padding. */
function batchOf({ config }: SequenceClassifier, rows = [0, 1, 2, 3], more = 0) {
  const picked = rows.map((row) => classes[row]);
  if (config.inputSize !== null) {
    const { ids, lengths } = padSources(rows.map((row) => sentences[row]));
    const [S, B] = ids.shape;
    const data = new Int32Array((S + more) * B).fill(more > 0 ? 5 : 0);
    for (let i = 0; i < S * B; i++) if (Math.floor(i / B) < lengths[i % B]) data[i] = ids.data[i];
    return { source: new IntTensor(data, [S + more, B]), lengths, classes: picked };
  }
  const { source, lengths } = padFrames(rows.map((row) => sequences[row]));
  const [T, B, F] = source.shape;
  const data = new Float32Array((T + more) * B * F).fill(more > 0 ? Number.NaN : 0);
  source.data.forEach((value, i) => {
    if (Math.floor(i / (B * F)) < lengths[Math.floor(i / F) % B]) data[i] = value;
  });
  return { source: new Tensor(data, [T + more, B, F]), lengths, classes: picked };
}

describe.each(configs)("a classifier (%o)", (config) => {
  const model = made(config);

  test("says the same of a sequence alone and in a batch, bit for bit, whatever the padding holds", () => {
    for (const more of [0, 3]) {
      const { source, lengths } = batchOf(model, undefined, more);
      const { logits, attention } = model.classify(source, lengths);
      expect(logits.shape).toEqual([4, 4]);
      [0, 1, 2, 3].forEach((row) => {
        const alone = model.classify(batchOf(model, [row]).source);
        expect([...alone.logits.data]).toEqual([...logits.data.subarray(4 * row, 4 * row + 4)]);
        if (config.pooling !== "attention") expect(attention).toBeNull();
        else {
          const places = attention!.shape[1];
          const own = [...alone.attention!.data];
          const padded = [...own, ...Array(places - own.length).fill(0)];
          expect([...attention!.data.subarray(row * places, (row + 1) * places)]).toEqual(padded);
          expect(own.reduce((total, weight) => total + weight)).toBeCloseTo(1, 5);
        }
      });
    }
  });

  test("has a loss and gradients that padding does not change, and that reach every parameter", () => {
    const bits = (more: number) => {
      model.zeroGrad();
      const loss = model.loss(batchOf(model, undefined, more));
      loss.backward();
      return [loss.item(), ...model.parameters().map(({ grad }) => [...grad!.data])];
    };
    const plain = bits(0);
    expect(plain.slice(1).every((gradient) => (gradient as number[]).some((value) => value !== 0))).toBe(true);
    expect(bits(4)).toEqual(plain);
  });

  test("a config comes back complete, through JSON too, and makes the same model again", () => {
    const saved = JSON.parse(JSON.stringify(model.config)) as ClassifierConfig;
    expect(isClassifierConfig(saved)).toBe(true);
    const again = made(saved);
    expect(again.config).toEqual(model.config);
    expect(again.loss(batchOf(model)).item()).toBe(model.loss(batchOf(model)).item());
  });
});

test("the last states are the highest layer's, both directions side by side", () => {
  const model = made({ features: 3, numLayers: 2, bidirectional: true });
  const { source } = batchOf(model, [0]);
  const { memory } = model.encoder.encode(source as never);
  const [forward, backward] = [memory.data.subarray(6 * 12, 6 * 12 + 6), memory.data.subarray(6, 12)];
  model.out.weight.data.fill(0);
  for (let i = 0; i < 4; i++) model.out.weight.data[i * 12 + [0, 5, 6, 11][i]] = 1;
  model.out.bias!.data.fill(0);
  expect([...model.forward(source).data]).toEqual([forward[0], forward[5], backward[0], backward[5]]);
});

test("dropout leaves out what is pooled, while training only", () => {
  const model = made({ features: 3, dropout: 0.2, outputDropout: 1 });
  expect(model.config).toMatchObject({ dropout: 0.2, embeddingDropout: 0.2, outputDropout: 1 });
  const { source, lengths } = batchOf(model);
  const bias = [...model.out.bias!.data];
  expect([...model.forward(source, lengths).data]).toEqual([...bias, ...bias, ...bias, ...bias]);
  model.eval();
  expect([...model.forward(source, lengths).data.subarray(0, 4)]).not.toEqual(bias);
});

test.each(poolings)("learns which of its steps is the largest, by %s", (pooling) => {
  const draw = new Generator(3);
  const labels = Array.from({ length: 32 }, () => draw.integer(3));
  const rows = labels.map((label) => ({ data: Array.from({ length: 6 }, (_, t) => (t === 2 * label ? 2 : 0.2 * draw.normal())), frames: 6 })); // biome-ignore format: one line
  const batch = { ...padFrames(rows), classes: labels };
  const model = new SequenceClassifier({ features: 1, classes: 3, hiddenSize: 12, pooling }, { generator: draw });
  const optimizer = new Adam(model.parameters(), { lr: 0.03 });
  for (let step = 1; step <= 60; step++) {
    update(model, optimizer, () => ({ loss: model.loss(batch), count: 32 }), { clipNorm: 1, where: `at step ${step}` });
  }
  expect([...argmax(model.forward(batch.source, batch.lengths), 1).data]).toEqual(labels);
});

describe("refuses", () => {
  test.each<[Made, string]>([
    [{}, "SequenceClassifier: expected either inputSize or features, got neither"],
    [{ inputSize: 3, features: 2 }, "SequenceClassifier: expected either inputSize or features, got both"],
    [{ inputSize: 3, stack: 2 }, "SequenceClassifier: expected features with stack, got inputSize"],
    [
      { inputSize: 3, numLayers: 2, subsample: 1 },
      "SequenceClassifier: expected features with subsample, got inputSize",
    ],
    [{ features: 3, subsample: 1 }, "SequenceClassifier: expected numLayers 2 or more with subsample 1, got 1"],
    [{ features: 3, residual: true }, "SequenceClassifier: expected numLayers 2 or more with residual, got 1"],
    [
      { features: 3, pooling: wrong("max") },
      'SequenceClassifier: expected pooling to be "last" or "mean" or "attention"',
    ],
    [{ features: 3, classes: 0 }, "SequenceClassifier: expected classes to be an integer ≥ 1, got 0"],
    [wrong({ features: 3, tied: true }), "SequenceClassifier: expected options among inputSize, features, "],
  ])("the config %o", (config, message) => {
    expect(() => made(config)).toThrow(message);
  });

  test("what the encoder does not read, and classes that there are not", () => {
    const tokens = made({ inputSize: 8 });
    expect(() => tokens.forward(zeros([3, 2, 1]))).toThrow(
      new TypeError("SequenceClassifier: expected token ids [S, B], as it has an inputSize, got a tensor"),
    );
    const frames = made({ features: 3 });
    expect(() => frames.forward([[4, 5]])).toThrow(/^FrameEncoder: expected a tensor, got/);
    expect(() => frames.loss({ ...batchOf(frames), classes: [0, 1, 2, 4] })).toThrow(/got 4/);
    expect(() => frames.loss({ ...batchOf(frames), classes: [0, 1] })).toThrow(/expected/);
    expect(isClassifierConfig({ ...frames.config, classes: 1e9 })).toBe(false);
  });
});
