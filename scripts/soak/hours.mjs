// Training for hours with flat memory. (The place for an hour of serving is beside it.)
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Generator, seq2seq } from "../../dist/index.js";

/** What the second half of the time may add, as a mean, to what was held in the first. */
const ALLOWED_MB = { rss: 24, heapUsed: 8, external: 8 };
const SAMPLES = 24;

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
  // The first third is for caches to fill, and for compiled code.
  const [first, second] = [samples.slice(SAMPLES / 3, (2 * SAMPLES) / 3), samples.slice((2 * SAMPLES) / 3)];
  const growth = Object.entries(ALLOWED_MB).map(([name, allowed]) => {
    const added = mb(mean(second.map((one) => one[name])) - mean(first.map((one) => one[name])));
    return { name, added, allowed };
  });
  const isFlat = growth.every(({ added, allowed }) => added <= allowed);
  const told = growth.map(
    ({ name, added, allowed }) => `${name} ${added >= 0 ? "+" : ""}${added} MB (at most ${allowed})`,
  );
  console.log(
    `${steps} steps in ${hours} h; memory ${isFlat ? "flat" : "NOT flat"} from the middle third to the last: ${told.join(", ")}`,
  );
  return isFlat;
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const mb = (bytes) => Number((bytes / 2 ** 20).toFixed(1));
