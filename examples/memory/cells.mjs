// What the examples of memory share: a recurrent layer with a linear one above it, the loop that trains it, and a comparison of
// cells and lengths. None of it needs more of the library than its engine, `nn` and `optim`.
import { Generator, nn, noGrad, optim, scope, slice } from "seqgrad";
import { wrongCall } from "../call.mjs";

const LAYERS = { RNN: nn.RNN, LSTM: nn.LSTM, GRU: nn.GRU };

/** Reads a sequence [T, B, F], and says something at its last steps. */
export class Reader extends nn.Module {
  constructor(cell, inputSize, hiddenSize, outputSize, { span, generator }) {
    super();
    this.layer = this.registerModule("layer", new LAYERS[cell](inputSize, hiddenSize, { generator }));
    this.out = this.registerModule("out", new nn.Linear(hiddenSize, outputSize, { generator }));
    if (cell !== "RNN") nn.chronoInit(this.layer, span, generator); // an RNN has no gates
  }

  /** x [T, B, F] → what it says at the last `count` steps, [count, B, C]. */
  forward(x, count) {
    const [states] = this.layer.forward(x); // [T, B, H]
    const T = x.shape[0];
    return this.out.forward(slice(states, 0, T - count, T));
  }
}

/** Minimises `loss()`, which draws a batch of its own each time, by Adam; the learning rate falls to 0. */
export function train(model, loss, { steps, lr, onStep }) {
  const optimizer = new optim.Adam(model.parameters(), { lr });
  const schedule = new optim.CosineAnnealingLR(optimizer, { tMax: steps });
  for (let step = 1; step <= steps; step++) {
    const value = scope(() => {
      optimizer.zeroGrad();
      const now = loss();
      now.backward();
      optim.clipGradNorm(model.parameters(), 1);
      optimizer.step();
      return now.item();
    });
    schedule.step();
    onStep(step, value);
  }
}

/**
 * Trains each cell at each length, and returns a line for each cell: the loss on unseen sequences by length. A problem is
 * `{ inputSize, outputSize, draw, loss }`: `draw(length, size, generator)` makes a batch, `loss(model, batch)` judges one.
 */
export function compare(problem, { cells, lengths, hidden, batch, steps, lr, seed }) {
  const unknown = cells.find((cell) => !Object.hasOwn(LAYERS, cell));
  if (unknown !== undefined) wrongCall(`--cells: expected some of ${Object.keys(LAYERS).join(", ")}, got ${unknown}`);
  const bad = lengths.find((length) => !Number.isInteger(length) || length < 1);
  if (bad !== undefined) wrongCall(`--lengths: expected integers ≥ 1, got ${bad}`);
  return cells.map((cell) => ({
    name: cell,
    points: lengths.map((length) => {
      const started = performance.now();
      const name = `${cell}, length ${length}`;
      const generator = new Generator(seed);
      const model = new Reader(cell, problem.inputSize, hidden, problem.outputSize, { span: length, generator });
      const loss = () => problem.loss(model, problem.draw(length, batch, generator));
      train(model, loss, { steps, lr, onStep: progress(name, steps) });
      const unseen = evaluate(loss, 16);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`${name}: loss ${unseen.toPrecision(3)} on ${16 * batch} unseen sequences, ${seconds} s`);
      model.dispose();
      return [length, unseen];
    }),
  }));
}

/** The mean of `loss()` over so many batches. */
function evaluate(loss, batches) {
  let sum = 0;
  for (let i = 0; i < batches; i++) sum += scope(() => noGrad(() => loss().item()));
  return sum / batches;
}

/** Shows the loss, on stderr: of every step on a terminal, elsewhere the mean of each tenth of all. */
function progress(name, steps) {
  const tenth = Math.max(1, Math.floor(steps / 10));
  let sum = 0;
  return (step, loss) => {
    sum += loss;
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${name}, step ${step} of ${steps}: loss ${loss.toPrecision(3)}`);
    if (process.stderr.isTTY && step === steps) process.stderr.write("\r\x1b[K");
    if (process.stderr.isTTY || step % tenth !== 0) return;
    console.error(`${name}, step ${step} of ${steps}: loss ${(sum / tenth).toPrecision(3)}`);
    sum = 0;
  };
}
