// Why gates exist: how much of a loss's gradient reaches each step of a sequence, through an RNN, an LSTM and a GRU.
//
//   npm run build && node examples/memory/gradients.mjs [--length 100] [--hidden 64] [--batch 32] [--out memory] [--seed 1]
//
// The loss is that of the adding problem, after the last step, and nothing has been trained. Through an RNN the gradient falls by
// about the same factor at each step back: what stood there 100 steps ago moves no weight. So it does through gates that are
// half open, as they begin in PyTorch; a gate that begins nearly open lets it through, and training can begin.
// (Bengio, Simard and Frasconi, 1994; Pascanu, Mikolov and Bengio, 2013)
//
// Measured (seed 1, a second): of a norm of 0.1 at the last of 100 steps, 1e-21 is left at the first through an RNN, as little
// through an LSTM (8e-22) and a GRU (1e-20) as they begin in PyTorch, and 0.009 and 0.02 where their gates begin open.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { add, Generator, mseLoss, nn, rand, seq2seq, zeros } from "seqgrad";
import { readCall } from "../call.mjs";

const number = (initial) => ({ type: "string", default: String(initial) });
const options = { length: number(100), hidden: number(64), batch: number(32), seed: number(1) };
const { values } = readCall({ options: { ...options, out: { type: "string", default: "memory" } } });
const [length, hidden, batch, seed] = Object.keys(options).map((name) => Number(values[name]));

const CELLS = { RNN: nn.RNNCell, LSTM: nn.LSTMCell, GRU: nn.GRUCell };
const dtype = "float64"; // float32 ends at 1e-45

/** For each step t, from the first, the norm of ∂loss/∂(state after t): h or, of an LSTM, h and c. */
function gradientNorms(kind, areOpen) {
  const generator = new Generator(seed);
  const cell = new CELLS[kind](2, hidden, { dtype, generator });
  const out = new nn.Linear(hidden, 1, { dtype, generator });
  if (areOpen) nn.chronoInit(cell, length, generator);

  const isPair = kind === "LSTM";
  const probes = [];
  let state = null;
  for (let t = 0; t < length; t++) {
    const after = [cell.forward(rand([batch, 2], { dtype, generator }), state)].flat();
    // A zero added to a state: its gradient is that of the state.
    const added = after.map(() => zeros([batch, hidden], { dtype, requiresGrad: true }));
    const parts = after.map((part, i) => add(part, added[i]));
    probes.push(added);
    state = isPair ? parts : parts[0];
  }
  const h = isPair ? state[0] : state;
  mseLoss(out.forward(h), rand([batch, 1], { dtype, generator })).backward();
  // The loss does not read the last c, which has no gradient.
  return probes.map((parts) => Math.hypot(...parts.flatMap(({ grad }) => grad?.toArray().flat() ?? [])));
}

const lines = [
  ...["RNN", "LSTM", "GRU"].map((kind) => ({ name: kind, norms: gradientNorms(kind, false) })),
  ...["LSTM", "GRU"].map((kind) => ({ name: `${kind}, gates open`, norms: gradientNorms(kind, true) })),
];
for (const { name, norms } of lines) {
  const [first, last] = [norms[0], norms[length - 1]].map((norm) => norm.toExponential(1));
  console.log(`${name}: the gradient's norm is ${last} at the last step, ${first} at the first`);
}
mkdirSync(values.out, { recursive: true });
const picture = join(values.out, "gradients.svg");
writeFileSync(
  picture,
  seq2seq.drawLines({
    title: `What of the gradient of a loss at the end reaches each of ${length} steps`,
    ...{ xLabel: "step", yLabel: "norm of the gradient", yScale: "log" },
    lines: lines.map(({ name, norms }) => ({ name, points: norms.map((norm, i) => [i + 1, norm]) })),
  }),
);
console.log(`${picture} shows them`);
