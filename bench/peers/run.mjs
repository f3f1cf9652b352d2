// Measures seqgrad beside other libraries: node bench/peers/run.mjs [options]
//
//   --only LIST     of seqgrad, pytorch, jax, tfjs, deepbox, brain, onnxruntime
//   --cases LIST    beginnings of case names, such as train,greedy
//   --rounds N      every process runs once a round (3)
//   --node PATH     a further Node to run seqgrad under; may be given several times
//   --quick         one round of few samples, without waiting for a quiet machine
//   --write         puts what was measured in the place of its figures in results.json, if the machine is the same
//   --report        writes docs/ from results.json without measuring
//
// A full run is written to results.json, docs/benchmarks.md and docs/benchmarks.svg; a partial one only printed. The
// attention model alone, beside PyTorch: --only seqgrad,pytorch --cases attention,feeding,train --write
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drawBars } from "./chart.mjs";
import { CASES } from "./common.mjs";
import { describeMachine, load, quiet } from "./machine.mjs";
import { checkMachine, mergeFailures, mergeResults, updated } from "./merge.mjs";
import { processes, run } from "./processes.mjs";
import { report, tables } from "./report.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    cases: { type: "string", default: "" },
    rounds: { type: "string" },
    node: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});
const NAMES = ["seqgrad", "pytorch", "jax", "tfjs", "deepbox", "brain", "onnxruntime"];
const only = options.only.split(",").filter(Boolean);
const unknown = only.find((name) => !NAMES.includes(name));
if (unknown) throw new Error(`--only: expected names of ${NAMES.join(", ")}, got ${unknown}`);
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: expected at least 1, got ${options.rounds}`);

const resultsFile = new URL("results.json", import.meta.url);
const docs = new URL("../../docs/", import.meta.url);

/** Formats what was written as the repository's check wants it. */
function format(file) {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  execFileSync(process.execPath, [biome, "format", "--write", fileURLToPath(file)], { stdio: "ignore" });
}

function writeDocs(data) {
  writeFileSync(new URL("benchmarks.md", docs), report(data, CASES));
  writeFileSync(new URL("benchmarks.svg", docs), drawBars(data.results, CASES));
}

/** Every process once a round, every second round backwards, so that a drift of the machine favours none. */
async function measure() {
  const machine = describeMachine();
  const all = processes({ only, nodes: options.node });
  const lines = all
    .filter(({ missing }) => missing)
    .map(({ name, missing }) => ({ library: name, variant: "", cannot: missing }));
  const runs = [];
  for (let round = 1; round <= rounds; round++) {
    const able = all.filter(({ missing }) => !missing);
    for (const entry of round % 2 ? able : able.toReversed()) {
      const busy = options.quick ? await quiet(0) : await quiet(120);
      const started = Date.now();
      const loadBefore = load();
      const extra = { BENCH_CASES: options.cases, BENCH_QUICK: options.quick ? "1" : "0" };
      const { lines: printed, failed } = await run(entry, extra, 30);
      const seconds = Math.round((Date.now() - started) / 1000);
      runs.push({ round, name: entry.name, setting: entry.setting, busy, load: loadBefore, seconds });
      lines.push(...printed.map((line) => ({ ...line, round })));
      console.error(`round ${round}/${rounds} ${entry.name} ${entry.setting}: ${seconds} s, load ${loadBefore}`);
      if (failed) {
        // Its words name folders of this machine: they are for the terminal alone.
        console.error(failed);
        lines.push({ library: entry.name, variant: entry.setting, cannot: "its process failed" });
      }
    }
  }
  const results = mergeResults(
    lines.filter(({ samples }) => samples),
    machine,
  );
  const failures = mergeFailures(lines.filter(({ cannot }) => cannot));
  return { machine, rounds, runs, failures, results };
}

if (options.report) {
  writeDocs(JSON.parse(readFileSync(resultsFile, "utf8")));
} else {
  const complete = only.length === 0 && options.cases === "" && !options.quick;
  const old = complete || !options.write ? null : JSON.parse(readFileSync(resultsFile, "utf8"));
  // Before minutes are spent on figures that could not be written.
  if (old) checkMachine(old.machine, describeMachine());
  const data = await measure();
  console.log(tables(data, CASES));
  if (complete || old) {
    const all = old ? updated(old, data) : data;
    writeFileSync(resultsFile, `${JSON.stringify(all, null, 2)}\n`);
    format(resultsFile);
    writeDocs(all);
    console.log("written to bench/peers/results.json, docs/benchmarks.md and docs/benchmarks.svg");
  } else console.log("not everything was measured: nothing is written (--write does)");
}
