// What belongs to the caller stays as he left it: the modes of a model's parts, and where a generator stands.
import { describe, expect, test } from "vitest";
import { Dropout } from "../../../src/nn/index.js";
import { Adam } from "../../../src/optim/index.js";
import { prepareCorpus } from "../../../src/seq2seq/data/prepare.js";
import {
  beamSearch,
  type Checkpoint,
  decodeCheckpoint,
  Ensemble,
  evaluateLoss,
  forcedDecoding,
  greedySearch,
  MemoryStore,
  makeBatch,
  type RunOptions,
  run,
  type Seq2Seq,
  sampleSearch,
  type Task,
} from "../../../src/seq2seq/index.js";
import { evaluating } from "../../../src/seq2seq/models/evaluating.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomPairs, sharpModel } from "../../support/models.js";

const modes = (model: Seq2Seq) => [...model.namedModules()].map(([name, part]) => [name, part.training]);

/** A model that trains, but for its encoder. */
function frozen(): Seq2Seq {
  const model = sharpModel({ dropout: 0.5 });
  model.train();
  model.encoder.eval();
  return model;
}

describe("a frozen encoder stays in eval, and the rest in training", () => {
  const uses: Record<string, (model: Seq2Seq) => unknown> = {
    "greedy search": (model) => greedySearch(model, [[4, 5]]),
    "beam search": (model) => beamSearch(model, [[4, 5]]),
    sampling: (model) => sampleSearch(model, [[4, 5]], { generator: new Generator(1) }),
    "forced decoding": (model) => forcedDecoding(model, [4, 5], [6]),
    "the validation loss": (model) => evaluateLoss(model, randomPairs(3)),
    "a search in an ensemble": (model) => greedySearch(new Ensemble([model, sharpModel()]), [[4, 5]]),
    "a search that throws": (model) => expect(() => greedySearch(model, [[99]])).toThrow(RangeError),
    "what throws": (model) =>
      expect(() =>
        evaluating(model, () => {
          model.train();
          throw new Error("stop");
        }),
      ).toThrow("stop"),
  };
  test.each(Object.entries(uses))("after %s", (_, use) => {
    const model = frozen();
    const before = modes(model);
    use(model);
    expect(modes(model)).toEqual(before);
    expect([model.encoder.training, model.decoder.training]).toEqual([false, true]);
  });
});

/** Counts what is drawn. */
class Counting extends Generator {
  draws = 0;
  override bits(): number {
    this.draws++;
    return super.bits();
  }
}

/** Where a generator of this seed stands after so many draws. */
function stateAfter(seed: number, draws: number): unknown {
  const generator = new Generator(seed);
  for (let i = 0; i < draws; i++) generator.bits();
  return generator.getState();
}

/** Learns pairs by heart; notes the modes that each step finds. */
class Heart implements Task<number> {
  readonly generator = new Counting(7);
  readonly model: Seq2Seq;
  readonly seen: [encoder: boolean, decoder: boolean][] = [];
  readonly order: number[] = [];
  readonly #validation: (model: Seq2Seq) => void;
  #scores = 0;

  constructor(model: Seq2Seq, validation: (model: Seq2Seq) => void = () => {}) {
    this.model = model;
    this.#validation = validation;
  }

  batches(): number[] {
    return this.generator.shuffle([0, 1, 2, 3]);
  }

  loss(batch: number) {
    this.seen.push([this.model.encoder.training, this.model.decoder.training]);
    this.order.push(batch);
    this.generator.random();
    return { loss: this.model.loss(makeBatch(randomPairs(2, 1 + batch))), count: 1 };
  }

  validate() {
    this.#validation(this.model);
    return { loss: ++this.#scores }; // the first is the best
  }

  files() {
    return {};
  }
}

async function drive(task: Heart, options: Partial<RunOptions> = {}, onStep = (_step: number) => {}): Promise<void> {
  const optimizer = new Adam(task.model.parameters(), { lr: 0.01 });
  for await (const event of run(task, { optimizer, epochs: 2, ...options })) {
    if (event.kind === "step") onStep(event.step);
  }
}

describe("in a run", () => {
  test("a frozen encoder stays in eval, in each step and after", async () => {
    const task = new Heart(frozen());
    await drive(task);
    expect(task.seen).toEqual(Array(8).fill([false, true]));
    expect([task.model.training, task.model.encoder.training, task.model.decoder.training]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("it stays so where a validation leaves all of the model in eval", async () => {
    const task = new Heart(frozen(), (model) => void model.eval());
    await drive(task);
    expect(task.seen).toEqual(Array(8).fill([false, true]));
  });

  test("what is frozen on the way is so from there on", async () => {
    const task = new Heart(sharpModel());
    await drive(task, {}, (step) => {
      if (step === 3) task.model.encoder.eval();
    });
    expect(task.seen.map(([encoder]) => encoder)).toEqual([true, true, true, false, false, false, false, false]);
  });

  test("a model in eval as a whole trains, and is given back in eval, also when the run is broken off", async () => {
    const task = new Heart(sharpModel().eval());
    await drive(task);
    expect(task.seen).toEqual(Array(8).fill([true, true]));
    expect(modes(task.model).every(([, training]) => training === false)).toBe(true);
    const optimizer = new Adam(task.model.parameters());
    for await (const _ of run(task, { optimizer, epochs: 2 })) break;
    expect(modes(task.model).every(([, training]) => training === false)).toBe(true);
  });
});

describe("a generator goes on by what is drawn", () => {
  test("in a run that keeps its first epoch as the best", async () => {
    const task = new Heart(sharpModel());
    await drive(task, { epochs: 4 });
    expect(task.generator.draws).toBeGreaterThan(16);
    expect(task.generator.getState()).toEqual(stateAfter(7, task.generator.draws));
  });

  test.each([0, 1, 3, 4, 5, 7])("in a run that is resumed after step %d, from where it stood", async (last) => {
    // What the caller draws between two steps is drawn in either run.
    const drawn = (task: Heart, step: number): void => void (step === 4 && task.generator.random());
    const whole = new Heart(sharpModel());
    await drive(whole, {}, (step) => drawn(whole, step));
    const store = new MemoryStore();
    const stopping = new AbortController();
    if (last === 0) stopping.abort();
    const part = new Heart(sharpModel());
    await drive(part, { store, signal: stopping.signal }, (step) => {
      drawn(part, step);
      if (step === last) stopping.abort();
    });
    const resume: Checkpoint = decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
    const rest = new Heart(sharpModel());
    await drive(rest, { store, resume }, (step) => drawn(rest, step));
    expect(rest.order).toEqual(whole.order.slice(last));
    expect(rest.generator.getState()).toEqual(whole.generator.getState());
  });

  test("also where the order of an epoch cannot be made again", async () => {
    const store = new MemoryStore();
    const stopping = new AbortController();
    await drive(new Heart(sharpModel()), { store, signal: stopping.signal }, () => stopping.abort());
    const resume: Checkpoint = decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
    const task = new Heart(sharpModel());
    task.batches = () => {
      task.generator.random();
      throw new Error("no batches");
    };
    await expect(drive(task, { store, resume })).rejects.toThrow("no batches");
    expect(task.generator.getState()).toEqual(resume.header.generator);
  });

  test("in sampling, in dropout and in setting pairs aside", async () => {
    const generator = new Counting(3);
    sampleSearch(sharpModel(), [[4, 5]], { generator });
    new Dropout(0.5, { generator }).forward(sharpModel().decoder.out.weight);
    const train = Array.from({ length: 50 }, (_, i) => ({ source: `a ${i}`, target: `b ${i}` }));
    await prepareCorpus({ train, holdOut: 5, generator, text: {}, maxLength: 9, reverseSource: false });
    expect(generator.draws).toBeGreaterThan(100);
    expect(generator.getState()).toEqual(stateAfter(3, generator.draws));
  });
});
