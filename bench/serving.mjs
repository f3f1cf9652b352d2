// What does `seqgrad serve` give under load? node bench/serving.mjs MODEL TEXTS [--clients 1,8,64] [--seconds 600]
//   [--processes 1]
//
// MODEL is a folder that `seqgrad train` made, TEXTS a file of one sentence a line. First `translate` reads the file, the
// best of three times through; then so many clients on this machine ask for one text each, again and again, each as soon as
// it has its answer, for so long. Printed: sentences a second, and as a part of what `translate` has; the median and the
// 99th percentile of an answer's time; answers that were no translation, or another than `translate` gave; and how much
// memory the server holds on average in each third of the time (the first is for caches to fill, and compiled code).
// Both search with --beam 5 on --threads 2, unless told otherwise. With more than one of --processes, which share the threads,
// examples/serving/cluster.mjs is what serves, and the memory that of whichever process is asked. The clients run in this
// process, and take part of the machine.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { load } from "./peers/machine.mjs";
import { quantile } from "./peers/merge.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: "string", default: "1,8,64" },
    seconds: { type: "string", default: "600" },
    beam: { type: "string", default: "5" },
    threads: { type: "string", default: "2" },
    processes: { type: "string", default: "1" },
  },
});
const [model, file] = positionals;
const [seconds, processes, ...counts] = [values.seconds, values.processes, ...values.clients.split(",")].map(Number);
if (!file || !(seconds > 0) || ![processes, ...counts].every((count) => Number.isInteger(count) && count > 0)) {
  console.error(
    "usage: node bench/serving.mjs MODEL TEXTS [--clients 1,8,64] [--seconds 600] [--beam 5] [--threads 2] [--processes 1]",
  );
  process.exit(2);
}
const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const cluster = fileURLToPath(new URL("../examples/serving/cluster.mjs", import.meta.url));
const optionsFor = (threads) => ["--model", model, "--beam", values.beam, "--threads", String(threads)];
const texts = readFileSync(file, "utf8").trimEnd().split("\n");

/** What `translate` makes of the file, and how long that takes without the start, in seconds. */
function translateAll() {
  const timed = (input) => {
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, "translate", ...optionsFor(values.threads)],
      {
        ...{ stdio: [input, "pipe", "pipe"], encoding: "utf8", maxBuffer: 2 ** 30 },
      },
    );
    if (status !== 0) throw new Error(stderr);
    return { seconds: (performance.now() - began) / 1000, lines: stdout.split("\n").slice(0, -1) };
  };
  const turns = [0, 1, 2].map(() => ({ whole: timed(openSync(file)), start: timed("ignore").seconds }));
  return {
    seconds: Math.min(...turns.map(({ whole, start }) => whole.seconds - start)),
    lines: turns[0].whole.lines,
  };
}

async function startServer() {
  const options = ["--port", "0", ...optionsFor(Number(values.threads) / processes)];
  const program = processes > 1 ? [cluster, "--processes", String(processes), "--"] : [command, "serve"];
  const server = spawn(process.execPath, [...program, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(server.stdout.setEncoding("utf8"), "data");
  return { server, url: line.trim() };
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Status and body of an answer. */
async function ask(url, path, body) {
  const method = body === undefined ? "GET" : "POST";
  const asked = request(url + path, { agent, method, headers: { "Content-Type": "application/json" } });
  asked.end(body);
  const [response] = await once(asked, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, text };
}

/** How often the server's memory is looked at in a third of the time. */
const LOOKS = 8;
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The server's resident memory, in MB. */
async function memory(url) {
  const { text } = await ask(url, "/metrics");
  return Number(/^process_resident_memory_bytes (.*)$/m.exec(text)[1]) / 1e6;
}

/** So many clients for so long. */
async function measure(url, clients, expected) {
  const times = [];
  const errors = [];
  let next = 0;
  const began = performance.now();
  const until = began + 1000 * seconds;
  const client = async () => {
    while (performance.now() < until) {
      const i = next++ % texts.length;
      const asked = performance.now();
      const { status, text } = await ask(url, "/translate", JSON.stringify({ text: texts[i] })).catch((error) => ({
        ...{ status: 0, text: error.message },
      }));
      times.push(performance.now() - asked);
      if (status !== 200 || JSON.parse(text).translations[0].target !== expected[i]) errors.push(`${status} ${text}`);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  const memories = [];
  for (let i = 1; i <= 3 * LOOKS; i++) {
    await sleep(began + (i / (3 * LOOKS)) * 1000 * seconds - performance.now());
    memories.push(await memory(url));
  }
  await running;
  const took = (performance.now() - began) / 1000;
  return { rate: times.length / took, times: times.sort((a, b) => a - b), errors, memories };
}

console.log(
  `Node ${process.versions.node}, beam ${values.beam}, ${values.threads} threads, ${processes} processes, load ${load()}`,
);
const whole = translateAll();
const best = texts.length / whole.seconds;
console.log(`translate: ${best.toFixed(1)} sentences/s`);
const { server, url } = await startServer();
for (const count of counts) {
  const { rate, times, errors, memories } = await measure(url, count, whole.lines);
  const thirds = [0, 1, 2].map((third) => mean(memories.slice(third * LOOKS, (third + 1) * LOOKS)).toFixed(0));
  const part = (p) => `${quantile(times, p).toFixed(1)} ms`;
  console.log(
    `${count} clients: ${rate.toFixed(1)} sentences/s, ${(rate / best).toFixed(2)} × translate; p50 ${part(0.5)}, ` +
      `p99 ${part(0.99)}; ${errors.length} errors; memory ${thirds.join(", ")} MB; load ${load()}`,
  );
  for (const error of errors.slice(0, 3)) console.log(`  ${error}`);
}
server.kill("SIGTERM");
const [code] = await once(server, "exit");
agent.destroy();
if (code !== 0) throw new Error(`expected the server to end with code 0, got ${code}`);
