// docs/benchmarks.md from the results, and from what is measured by hand (../measured.md).
import { readFileSync } from "node:fs";
import { BATCHES } from "./common.mjs";
import { bestOf, columnsOf, costOf } from "./merge.mjs";
import { duration } from "./svg.mjs";

const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");

const times = (ratio) => (ratio === undefined ? "–" : `${Number(ratio.toPrecision(3))}×`);
const spread = ({ ms, low, high }) => `${duration(low)} – ${duration(high)}${high > 1.3 * low && ms > 0 ? " (!)" : ""}`;

function rate(ms, { perCall, unit }) {
  const value = perCall / (ms / 1000);
  return `${value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3)} ${unit}`;
}

/** Case × library, the fastest setting of each: time, and in how many times seqgrad's it is. */
function summary({ results }, cases) {
  const columns = [...new Set(results.flatMap(columnsOf))];
  const rows = Object.entries(cases).flatMap(([name, { title }]) => {
    const best = new Map(bestOf(results, name).map((result) => [result.column, result]));
    if (best.size === 0) return [];
    const cell = (column) => {
      const result = best.get(column);
      return result ? `${duration(result.ms)} (${times(result.ratio)})` : "–";
    };
    return [[title, ...columns.map(cell)]];
  });
  return table(["", ...columns], rows);
}

/** What attention and input feeding cost: library × batch, the fastest setting of each; nothing where it is not on file. */
function costs({ results }) {
  const kinds = ["attention", "feeding"];
  const columns = [...new Set(bestOf(results, "attention-b1").map(({ column }) => column))];
  if (columns.length === 0) return "";
  const rows = columns.map((column) => [
    column,
    ...BATCHES.flatMap((batch) => kinds.map((kind) => times(costOf(results, kind, batch, column)))),
  ]);
  const head = ["", ...BATCHES.flatMap((batch) => kinds.map((kind) => `${kind}, batch ${batch}`))];
  return `## What attention costs

A training step as a multiple of one over a fixed context, each in the library's fastest setting.

${table(head, rows)}

`;
}

function details({ results }, cases) {
  return Object.entries(cases)
    .flatMap(([name, info]) => {
      const rows = results
        .filter((result) => result.case === name)
        .sort((a, b) => a.ms - b.ms)
        .map((result) => [
          [result.library, result.variant].filter(Boolean).join(", "),
          duration(result.ms),
          spread(result),
          times(result.ratio),
          rate(result.ms, info),
        ]);
      if (rows.length === 0) return [];
      return [`### ${info.title}\n\n${table(["", "median", "quartiles", "to seqgrad", "rate"], rows)}`];
    })
    .join("\n\n");
}

function failures({ failures: list }) {
  if (list.length === 0) return "Every library did every case asked of it.";
  return list
    .map(({ library, variant, cases, why }) => {
      const who = [library, variant].filter(Boolean).join(", ");
      return `- **${who}**${cases ? ` (${cases})` : ""}: ${why}.`;
    })
    .join("\n");
}

/** The tables alone, for the terminal. */
export const tables = (data, cases) => `${details(data, cases)}\n\nNot done:\n\n${failures(data)}\n`;

export function report(data, cases) {
  const { machine, rounds, runs } = data;
  const disturbed = runs.filter(({ busy }) => busy > 0.1).length;
  return `# Benchmarks

Made by \`npm run bench:peers\`; the numbers are in [results.json](../bench/peers/results.json).

**Machine.** ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}; ${machine.date}.

**Work.** Embedding(4000, 256) → GRU(256) encoder; Embedding → relu → GRU(256) → Linear(4000) → log-softmax → NLL; 10
source and 10 target tokens; plain SGD. With attention, the decoder has no relu, and features = tanh(Linear([context; h]))
of 256 stand between its GRU and the last layer, scores being h · W · memory (Luong et al., 2015); with input feeding,
each step also reads the features before it, and only there does PyTorch go step by step. All libraries get the same
tokens and begin near a loss of ln 4000 = 8.29; one that does not, or whose loss does not fall, is not timed.

**Rule.** Each library and setting has a process of its own; ${rounds} round${rounds === 1 ? "" : "s"}, every process once
in each, every second round backwards. A process waits for a quiet machine, warms up, and takes up to 15 samples of each
case. A figure is the median of all samples; quartiles marked (!) lie far apart. "To seqgrad" is the time as a multiple
of seqgrad's on all cores under Node ${machine.node.split(".")[0]}: the median of the ratios within each round. ${
    disturbed === 0
      ? "The machine was quiet before every process."
      : `Before ${disturbed} of ${runs.length} processes the machine was not quiet.`
  }

![Time of each library by case](benchmarks.svg)

## At a glance

Each library's fastest setting, and its time as a multiple of seqgrad's (above 1× seqgrad is faster).

${summary(data, cases)}

${costs(data)}## Every setting

${details(data, cases)}

## What could not be done

${failures(data)}

Training token by token or with attention is measured for PyTorch and seqgrad only.

## Doing it again

\`\`\`
npm run build
npm run bench:peers                              # all of it; installs the peers into bench/peers on first use
npm run bench:peers -- --quick --only seqgrad,jax --cases train     # a glance, written nowhere
npm run bench:peers -- --node PATH               # measures seqgrad under a second Node too
\`\`\`

PyTorch is used where a \`python3\` has it; onnxruntime runs models that PyTorch exports. [Cost as work
grows](scaling.svg) comes from \`node bench/scaling.mjs\`.

${readFileSync(new URL("../measured.md", import.meta.url), "utf8")}`;
}
