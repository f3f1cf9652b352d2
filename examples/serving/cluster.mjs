// `seqgrad serve` in several processes that share one port: as many translations at once as there are processes.
//
//   npm run build && node examples/serving/cluster.mjs --processes 2 -- --model my-model --port 8080 --threads 1
//
// What stands behind -- goes to `seqgrad serve`. Each process holds a model of its own, and the system hands each connection
// to one of them. One that dies is replaced; SIGTERM or Ctrl-C stops all once they have answered what they were asked.
// Each process has its own queue, limits and metrics: a scrape of /metrics is answered by one of them, as its
// process_start_time_seconds tells. Replicas on ports of their own behind a balancer (nginx, HAProxy, Kubernetes) need
// nothing of this: run the command several times.
//
// Measured (a Multi30k model, beam 5, two cores, `node bench/serving.mjs MODEL TEXTS --processes 2`): 162 sentences/s with 8
// clients, 204 with 64: 0.93 and 1.17 of what `translate` gives with two threads. One process with two threads: 0.84 and 0.96.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { readCall, wrongCall } from "../call.mjs";

const { values, positionals } = readCall({
  allowPositionals: true,
  options: { processes: { type: "string", default: String(availableParallelism()) } },
});
const processes = Number(values.processes);
if (!Number.isInteger(processes) || processes < 1)
  wrongCall(`expected --processes to be an integer ≥ 1, got ${values.processes}`);
const command = fileURLToPath(new URL("cli/main.js", import.meta.resolve("seqgrad")));
cluster.setupPrimary({ exec: command, args: ["serve", ...positionals] });

let isStopping = false;
function start() {
  const worker = cluster.fork();
  const { pid } = worker.process;
  let hasServed = false;
  worker.on("listening", () => {
    hasServed = true;
    console.error(`process ${pid} serves`);
  });
  worker.on("exit", (code, signal) => {
    if (isStopping) return;
    console.error(`process ${pid} ended with ${signal ?? `code ${code}`}`);
    if (hasServed) start();
    else {
      // Its options are wrong, and others would end alike.
      process.exitCode = 1;
      stop("SIGTERM");
    }
  });
}

function stop(signal) {
  isStopping = true;
  // A Ctrl-C has gone to all of them already.
  if (signal !== "SIGINT") for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGTERM");
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop(signal));
for (let i = 0; i < processes; i++) start();
