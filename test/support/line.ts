import { Generator, mean, mul, nn, noGrad, optim, rand, scope, seq2seq, sub, type Tensor } from "../../src/index.js";

type Point = { readonly x: Tensor; readonly y: Tensor };

/** Fits a line to points, six batches an epoch: the least task that there is, with noise in its batches. */
export class LineTask implements seq2seq.Task<Point> {
  readonly generator: Generator;
  readonly model: nn.Linear;
  /** The weights of each validation. */
  readonly validated: number[][] = [];
  readonly #train: Point[];
  readonly #valid: Point;
  readonly #scoreOf: (validation: number, loss: number) => number;

  /** `scoreOf` tells what a validation shall have found, by its number from 1 and by what it did find. */
  constructor(seed = 1, scoreOf = (_: number, loss: number): number => loss) {
    this.generator = new Generator(seed);
    this.model = new nn.Linear(3, 2, { generator: this.generator });
    const points = (count: number, generator: Generator): Point => ({
      x: rand([count, 3], { generator }),
      y: rand([count, 2], { generator }),
    });
    this.#train = Array.from({ length: 6 }, (_, i) => points(4, new Generator(100 + i)));
    this.#valid = points(20, new Generator(99));
    this.#scoreOf = scoreOf;
  }

  batches(): Point[] {
    return this.generator.shuffle([...this.#train]);
  }

  loss({ x, y }: Point) {
    const error = sub(this.model.forward(x), y);
    return { loss: mean(mul(error, error)), count: 4 };
  }

  validate() {
    this.validated.push(weightsOf(this.model));
    const found = scope(() => noGrad(() => this.loss(this.#valid).loss.item()));
    return { loss: this.#scoreOf(this.validated.length, found) };
  }

  files() {
    return { "line.json": JSON.stringify(weightsOf(this.model)) };
  }
}

/** All numbers of a model, one parameter after the other. */
export function weightsOf(model: nn.Module): number[] {
  return model.parameters().flatMap(({ data }) => [...data]);
}

interface Trained {
  readonly steps: seq2seq.StepEvent[];
  readonly validations: seq2seq.ValidationEvent[];
  readonly end: seq2seq.EndEvent;
}

/** Runs a task by SGD, or as told, up to the step `until`, where it is stopped. */
export async function trained<B>(
  task: seq2seq.Task<B>,
  options: Partial<seq2seq.RunOptions> = {},
  until = Number.POSITIVE_INFINITY,
): Promise<Trained> {
  const { optimizer = new optim.SGD(task.model.parameters(), { lr: 0.1 }) } = options;
  const stopping = new AbortController();
  const steps: seq2seq.StepEvent[] = [];
  const validations: seq2seq.ValidationEvent[] = [];
  let end: seq2seq.EndEvent | null = null;
  for await (const event of seq2seq.run(task, { epochs: 4, ...options, optimizer, signal: stopping.signal })) {
    if (event.kind === "step") steps.push(event);
    else if (event.kind === "validation") validations.push(event);
    else end = event;
    if (event.kind === "step" && event.step >= until) stopping.abort();
  }
  return { steps, validations, end: end as unknown as seq2seq.EndEvent };
}

/** The checkpoint that a run left. */
export async function checkpointIn(store: seq2seq.Store): Promise<seq2seq.Checkpoint> {
  return seq2seq.decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
}
