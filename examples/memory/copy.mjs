// The copy problem (Hochreiter and Schmidhuber, 1997): symbols to remember, then many blanks, then a sign to say them again.
//
//   npm run build && node examples/memory/copy.mjs [--lengths 5,10,20,50,100] [--symbols 5] [--cells RNN,LSTM,GRU]
//     [--steps 1500] [--hidden 64] [--batch 32] [--lr 0.01] [--out memory] [--threads 2] [--seed 1]
//
// Each symbol is one of 8: whoever guesses has a loss of ln 8 = 2.08 nats a symbol. All of them have to be in the state at
// once, through every blank.
//
// Measured (seed 1, 1.5 minutes of one core), nats a symbol after 5, 20, 50 and 100 blanks: RNN 0.004, 0.70, 1.88 and 1.98, LSTM 0.06,
// 0.20, 1.10 and 1.29, GRU 0.06, 0.51, 1.29 and 1.30. Past 20 blanks an RNN guesses; what has gates still remembers some.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crossEntropy, reshape, seq2seq, startThreads, tensor } from "seqgrad";
import { readCall } from "../call.mjs";
import { compare } from "./cells.mjs";

const KINDS = 8;
const [BLANK, GO] = [KINDS, KINDS + 1];
const text = (initial) => ({ type: "string", default: initial });
const { values } = readCall({
  options: {
    ...{ lengths: text("5,10,20,50,100"), symbols: text("5"), cells: text("RNN,LSTM,GRU"), steps: text("1500") },
    ...{ hidden: text("64"), batch: text("32"), lr: text("0.01") },
    ...{ out: text("memory"), threads: text("2"), seed: text("1") },
  },
});
const [symbols, steps, hidden, batch, lr, threads, seed] = [
  ...["symbols", "steps", "hidden", "batch", "lr", "threads", "seed"],
].map((name) => Number(values[name]));
const lengths = values.lengths.split(",").map(Number);

const copy = {
  inputSize: KINDS + 2,
  outputSize: KINDS,
  /** x [symbols + length + symbols, B, 10], one-hot; the symbols [symbols · B]. `length` blanks lie between, GO the last. */
  draw(length, size, generator) {
    const T = 2 * symbols + length;
    const x = new Float32Array(T * size * (KINDS + 2));
    const said = Int32Array.from({ length: symbols * size }, () => generator.integer(KINDS));
    for (let at = 0; at < T * size; at++) {
      const t = Math.floor(at / size);
      const read = t < symbols ? said[at] : t === symbols + length - 1 ? GO : BLANK;
      x[at * (KINDS + 2) + read] = 1;
    }
    return { x: tensor(x, [T, size, KINDS + 2]), said };
  },
  loss: (model, { x, said }) => crossEntropy(reshape(model.forward(x, symbols), [said.length, KINDS]), said),
};

await startThreads(threads);
const lines = compare(copy, { cells: values.cells.split(","), lengths, hidden, batch, steps, lr, seed });

mkdirSync(values.out, { recursive: true });
const picture = join(values.out, "copy.svg");
const guessing = { name: "guessing", points: lengths.map((length) => [length, Math.log(KINDS)]) };
writeFileSync(
  picture,
  seq2seq.drawLines({
    title: `The copy problem, ${symbols} symbols, after ${steps} steps`,
    ...{ xLabel: "blanks between", yLabel: "nats a symbol", yScale: "log" },
    xTicks: lengths.map((length) => [length, String(length)]),
    lines: [...lines, guessing],
  }),
);
console.log(`${picture} shows the loss by length`);
