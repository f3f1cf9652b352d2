// Training, and serving, for hours with flat memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { generateCorpus } from "../../dist/corpus/index.js";
import { Generator, seq2seq } from "../../dist/index.js";
import { flatness, mb, SAMPLES } from "./memory.mjs";

const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const CLIENTS = 8;

/** Trains for so many hours. Returns whether memory was flat. */
export async function soakTraining({ hours }) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const random = new Generator(1);
  const sentence = () => Array.from({ length: 4 + random.integer(12) }, () => `w${random.integer(500)}`).join(" ");
  const train = Array.from({ length: 4000 }, () => ({ source: sentence(), target: sentence() }));
  const every = (hours * 3_600_000) / SAMPLES;
  const [samples, began] = [[], performance.now()];
  let steps = 0;
  await seq2seq.trainTranslator({
    ...{ train, valid: train.slice(0, 50), maxMinutes: hours * 60, epochs: 1_000_000, validateEvery: 200 },
    ...{ maxVocabulary: 600, batchSize: 32, ema: 0.99, model: { hiddenSize: 64, dropout: 0.1 } },
    onStep() {
      steps++;
      if (performance.now() - began < every * (samples.length + 1)) return;
      collect();
      samples.push(process.memoryUsage());
      process.stderr.write(`${steps} steps, resident ${mb(samples.at(-1).rss)} MB\n`);
    },
  });
  const { isFlat, told } = flatness(samples, { rss: 24, heapUsed: 8, external: 8 });
  console.log(`${steps} steps in ${hours} h; ${told}`);
  return isFlat;
}

/** Serves the translator in the package for so many hours. Returns whether all was answered and memory was flat. */
export async function soakServing({ hours }) {
  const server = spawn(process.execPath, [COMMAND, "serve", "--port", "0", "--threads", "1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await once(server.stdout, "data");
  const url = String(line).trim();
  const texts = generateCorpus({ level: 3, size: 2000, seed: 1 }).map(({ source }) => source);
  const until = performance.now() + hours * 3_600_000;
  let [answered, failed] = [0, 0];
  const fail = (what) => {
    if (failed++ < 5) process.stderr.write(`not answered: ${what}\n`);
  };
  const ask = async (generator) => {
    const text = texts[generator.integer(texts.length)];
    const body = JSON.stringify({ text, beam: 1 + generator.integer(4) });
    const headers = { "Content-Type": "application/json" };
    try {
      const answer = await fetch(`${url}/translate`, { method: "POST", headers, body });
      const said = await answer.text();
      if (answer.ok) answered++;
      else fail(said);
    } catch (error) {
      fail(error.cause?.message ?? error.message);
      await sleep(1000); // a server that has gone is not asked thousands of times a second
    }
  };
  const client = async (_, seed) => {
    for (const generator = new Generator(seed); performance.now() < until; ) await ask(generator);
  };
  const samples = [];
  const look = setInterval(
    async () => {
      const metrics = await fetch(`${url}/metrics`).then((answer) => answer.text(), fail);
      if (metrics === undefined) return;
      samples.push({ rss: Number(/^process_resident_memory_bytes (.*)$/m.exec(metrics)[1]) });
      process.stderr.write(`${answered} texts, resident ${mb(samples.at(-1).rss)} MB\n`);
    },
    (hours * 3_600_000) / SAMPLES,
  );
  await Promise.all(Array.from({ length: CLIENTS }, client));
  clearInterval(look);
  const [code] = server.exitCode === null && server.kill("SIGTERM") ? await once(server, "exit") : [server.exitCode];
  const { isFlat, told } = flatness(samples, { rss: 24 });
  console.log(`${answered} texts served in ${hours} h, ${failed} not answered, the server ended with ${code}; ${told}`);
  return isFlat && failed === 0 && code === 0;
}
