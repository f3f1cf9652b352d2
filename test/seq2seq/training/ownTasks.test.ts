// Two tasks that the library does not have, each written on its public API in under sixty lines: they train, keep their
// best model, stop and resume through the same run as translation, and the second is searched as a translator is.
import { describe, expect, test } from "vitest";
import {
  crossEntropy,
  Generator,
  type Indices,
  indexSelect,
  intTensor,
  nn,
  noGrad,
  optim,
  reshape,
  scope,
  seq2seq,
  slice,
  type Tensor,
  zeros,
} from "../../../src/index.js";

// ---- A classifier: which of four signs a sequence began with.

interface Signs {
  readonly ids: number[][]; // [T][B]
  readonly first: number[]; // [B]
}

function signs(count: number, generator: Generator): Signs {
  const ids = Array.from({ length: 6 }, () => Array.from({ length: count }, () => generator.integer(4)));
  return { ids, first: ids[0] };
}

class SignModel extends nn.Module {
  readonly #embedding: nn.Embedding;
  readonly #gru: nn.GRU;
  readonly #out: nn.Linear;

  constructor(generator: Generator) {
    super();
    this.#embedding = this.registerModule("embedding", new nn.Embedding(4, 8, { generator }));
    this.#gru = this.registerModule("gru", new nn.GRU(8, 16, { generator }));
    this.#out = this.registerModule("out", new nn.Linear(16, 4, { generator }));
  }

  forward(ids: Indices): Tensor {
    const [, last] = this.#gru.forward(this.#embedding.forward(ids)); // [1, B, 16]
    return this.#out.forward(reshape(last, last.shape.slice(1)));
  }
}

class SignTask implements seq2seq.Task<Signs> {
  readonly generator = new Generator(1);
  readonly model = new SignModel(this.generator);
  readonly #train = Array.from({ length: 20 }, () => signs(16, new Generator(this.generator.integer(1e6))));
  readonly #valid = signs(64, new Generator(99));

  batches(): Signs[] {
    return this.generator.shuffle([...this.#train]);
  }

  loss({ ids, first }: Signs) {
    return { loss: crossEntropy(this.model.forward(ids), first), count: first.length };
  }

  validate() {
    return scope(() => ({ loss: noGrad(() => this.loss(this.#valid).loss.item()) }));
  }

  files() {
    return { "signs.safetensors": seq2seq.encodeSafetensors({ tensors: this.model.stateDict(), metadata: {} }) };
  }
}

// ---- A language model over characters: a decoder without a source.

const TEXT = "the cat sat on the mat and the dog sat on the log ".repeat(3).split("");
const letters = seq2seq.Vocabulary.build([TEXT]);

class CharacterModel extends seq2seq.TokenDecoder<Tensor> implements seq2seq.Searchable<string> {
  readonly outputSize = letters.size;
  readonly #embedding: nn.Embedding;
  readonly #gru: nn.GRU;
  readonly #out: nn.Linear;

  constructor(generator: Generator) {
    super();
    this.#embedding = this.registerModule("embedding", new nn.Embedding(letters.size, 16, { generator }));
    this.#gru = this.registerModule("gru", new nn.GRU(16, 32, { generator }));
    this.#out = this.registerModule("out", new nn.Linear(32, letters.size, { generator }));
  }

  start = (_: unknown, count: number): Tensor => zeros([1, count, 32]);
  features = (ids: Indices, state: Tensor) => this.#gru.forward(this.#embedding.forward(ids), state);
  logits = (features: Tensor): Tensor => this.#out.forward(features);
  select = (state: Tensor, rows: readonly number[]): Tensor => indexSelect(state, 1, Int32Array.from(rows));

  /** Goes on with a text: reads all but its last character, which is the first that a step reads. */
  begin([text, ...others]: readonly string[]): seq2seq.Beginning<Tensor> {
    if (others.length > 0) throw new Error("expected one text");
    const ids = letters.encode([...text]);
    const [, state] = this.features(
      [...ids.slice(0, -1)].map((id) => [id]),
      this.start(null, 1),
    );
    return { stepper: this.stepper(), state, ids: [ids[ids.length - 1]] };
  }
}

class CharacterTask implements seq2seq.Task<Int32Array> {
  readonly generator = new Generator(3);
  readonly model = new CharacterModel(this.generator);

  batches(): Int32Array[] {
    const starts = this.generator.shuffle(Array.from({ length: 60 }, (_, i) => i));
    return starts.map((at) => letters.encode(TEXT.slice(at, at + 31)));
  }

  loss(ids: Int32Array) {
    const input = intTensor(ids.slice(0, -1), [ids.length - 1, 1]);
    const [features] = this.model.features(input, this.model.start(null, 1));
    const logits = reshape(this.model.logits(features), [-1, letters.size]);
    return { loss: crossEntropy(logits, ids.slice(1)), count: ids.length - 1 };
  }

  validate() {
    return scope(() => ({ loss: noGrad(() => this.loss(letters.encode(TEXT.slice(0, 100))).loss.item()) }));
  }

  files() {
    return { "letters.json": JSON.stringify(letters) };
  }
}

// ---- Both through the same run.

async function trained<B>(task: seq2seq.Task<B>, options: Partial<seq2seq.RunOptions> = {}) {
  const optimizer = new optim.Adam(task.model.parameters(), { lr: 0.02 });
  const events: seq2seq.RunEvent[] = [];
  for await (const event of seq2seq.run(task, { optimizer, epochs: 6, ...options })) events.push(event);
  const end = events.at(-1) as seq2seq.EndEvent;
  const validations = events.filter((event) => event.kind === "validation");
  return { end, losses: validations.map(({ scores }) => scores.loss), steps: events.length - validations.length - 1 };
}

test("a classifier trains, and the store has its best weights", async () => {
  const store = new seq2seq.MemoryStore();
  const task = new SignTask();
  const { end, losses, steps } = await trained(task, { store });
  expect(steps).toBe(6 * 20);
  expect(end).toMatchObject({ end: "finished", best: { loss: Math.min(...losses) } });
  expect(end.best.loss).toBeLessThan(0.05);
  expect(await store.list()).toEqual(["checkpoint.safetensors", "history.json", "signs.safetensors"]);
});

describe("a language model", async () => {
  const task = new CharacterTask();
  const { end } = await trained(task, { epochs: 4 });

  test("trains", () => {
    expect(end.best.loss).toBeLessThan(0.15);
  });

  test("goes on with a text in each kind of search", () => {
    const { model } = task;
    const searches = [
      seq2seq.greedySearch(model, ["and the do"], { maxLength: 9 })[0],
      seq2seq.beamSearch(model, ["and the do"], { maxLength: 9, beam: 3 })[0][0].ids,
      seq2seq.sampleSearch(model, ["and the do"], { maxLength: 9, topK: 1 })[0],
      seq2seq.greedySearch(new seq2seq.Ensemble([model, model]), ["and the do"], { maxLength: 9 })[0],
    ];
    for (const ids of searches) expect(letters.decode(ids).join("")).toBe("g sat on ");
  });
});

test("a decoder whose logits are not of all its tokens is refused", () => {
  class Narrow extends CharacterModel {
    override logits = (features: Tensor): Tensor =>
      slice(new CharacterModel(new Generator(1)).logits(features), 2, 0, 4);
  }
  expect(() => seq2seq.greedySearch(new Narrow(new Generator(1)), ["the"])).toThrow(
    new RangeError(`Narrow: expected logits of shape [1, 1, ${letters.size}], got [1, 1, 4]`),
  );
});

test("a run that was stopped goes on to the same bits", async () => {
  const whole = await trained(new SignTask());
  const store = new seq2seq.MemoryStore();
  const stopping = new AbortController();
  const first = new SignTask();
  const optimizer = new optim.Adam(first.model.parameters(), { lr: 0.02 });
  for await (const event of seq2seq.run(first, { optimizer, store, epochs: 6, signal: stopping.signal })) {
    if (event.kind === "step" && event.step === 47) stopping.abort();
  }
  const bytes = (await store.read("checkpoint.safetensors")) as Uint8Array;
  const rest = await trained(new SignTask(), { store, resume: seq2seq.decodeCheckpoint(bytes) });
  expect(rest.steps).toBe(6 * 20 - 47);
  expect(rest.losses).toEqual(whole.losses.slice(2));
  const history = seq2seq.parseHistory((await store.read("history.json")) as Uint8Array);
  expect(history.steps.loss).toHaveLength(120);
  expect(history.validations.map(({ step }) => step)).toEqual([20, 40, 47, 60, 80, 100, 120]);
});

test("parameter groups keep their options and the ratio of their learning rates, also through a checkpoint", async () => {
  const grouped = (task: SignTask, weightDecay: number) => {
    const [embedding, ...others] = task.model.parameters();
    const groups = [{ params: embedding, lr: 0.01 }, { params: others }];
    return new optim.AdamW(groups, { lr: 0.02, weightDecay });
  };
  const lrsOf = ({ paramGroups }: optim.AdamW): number[] => paramGroups.map(({ lr }) => lr);
  const whole = new SignTask();
  const options = { epochs: 3, lrDecay: "linear" } as const;
  const { losses } = await trained(whole, { ...options, optimizer: grouped(whole, 0.1) });

  const store = new seq2seq.MemoryStore();
  const stopping = new AbortController();
  const first = new SignTask();
  const optimizer = grouped(first, 0.1);
  for await (const event of seq2seq.run(first, { ...options, optimizer, store, signal: stopping.signal })) {
    if (event.kind !== "step") continue;
    const left = 1 - (event.step - 1) / 60;
    expect(lrsOf(optimizer)).toEqual([0.01 * left, 0.02 * left]);
    if (event.step === 27) stopping.abort();
  }
  const resume = seq2seq.decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
  const second = new SignTask();
  const fresh = grouped(second, 0);
  const rest = await trained(second, { ...options, optimizer: fresh, store, resume });
  expect(rest.losses).toEqual(losses.slice(1));
  expect(fresh.paramGroups.map(({ weightDecay }) => weightDecay)).toEqual([0.1, 0.1]);
});
