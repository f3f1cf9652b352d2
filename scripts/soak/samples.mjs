// What is mutated: a model folder of each task, with its checkpoint, trained in a second, and small files of every kind.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seq2seq, tensor } from "../../dist/index.js";

const WORDS = ["the dog", "a cat", "two birds", "my friend"];
const ENDS = ["sleeps.", "eats an apple.", "isn't here, today!", "sees 3 cars?"];
const TEXTS = Array.from({ length: 48 }, (_, i) =>
  `${WORDS[i % 4]} ${ENDS[(i >> 2) % 4]} ${"very ".repeat(i % 3)}`.trim(),
);
/** What the translator is trained on. */
export const PAIRS = TEXTS.map((source) => ({ source, target: source.split(" ").reverse().join(" ") }));
/** Small, and with all parts of a run in the checkpoint. */
const COMMON = { epochs: 2, batchSize: 8, ema: 0.9, averageCheckpoints: 2, seed: 1 };

const tone = (seconds, pitch) =>
  Float32Array.from({ length: 8000 * seconds }, (_, t) => 0.5 * Math.sin((2 * Math.PI * pitch * t) / 8000));

/** Writes the samples into a folder. */
export async function makeSamples(folder) {
  mkdirSync(folder, { recursive: true });
  const model = { hiddenSize: 6, attention: "additive", dropout: 0.1 };
  await seq2seq.trainTranslator({
    ...{ ...COMMON, train: PAIRS, folder: join(folder, "translate"), minFrequency: 1 },
    ...{ tokenizer: "word", subwords: 12, model },
  });
  await seq2seq.trainTextGenerator({
    ...{ ...COMMON, train: TEXTS.join("\n").repeat(2), folder: join(folder, "generate") },
    ...{ sequenceLength: 8, model: { hiddenSize: 6 } },
  });
  await seq2seq.trainClassifier({
    ...{ ...COMMON, folder: join(folder, "classify"), model: { hiddenSize: 6 } },
    train: TEXTS.map((input, i) => ({ input, label: WORDS[i % 4] })),
  });
  const sounds = TEXTS.slice(0, 24).map((text, i) => ({
    ...{ text: text.slice(0, 3) },
    sound: { sampleRate: 8000, channels: [tone(0.12, 200 + 40 * i)] },
  }));
  await seq2seq.trainTranscriber({
    ...{ ...COMMON, train: sounds, folder: join(folder, "transcribe") },
    ...{ model: { hiddenSize: 6 }, sampleRate: 8000, bands: 6 },
  });
  for (const [name, content] of Object.entries(smallFiles())) writeFileSync(join(folder, name), content);
}

function smallFiles() {
  const tensors = {
    a: tensor([
      [1, 2],
      [3, 4],
    ]),
    "b.c": tensor(Float64Array.of(1, 2, 3)),
    d: tensor([]),
  };
  const metadata = { format: "pt", note: "é" };
  const rows = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
  return {
    "plain.safetensors": seq2seq.encodeSafetensors({ tensors, metadata }),
    "eight.safetensors": seq2seq.encodeSafetensors({ tensors: { w: tensor(rows, [4, 16]) }, metadata }, { bits: 8 }),
    "16.wav": seq2seq.writeWav([tone(0.1, 300), tone(0.1, 500)], 8000),
    "8.wav": wav(1, 8),
    "24.wav": wav(1, 24),
    "float.wav": wav(3, 32),
    "pairs.tsv": PAIRS.slice(0, 8)
      .map(({ source, target }) => `${source}\t${target}\n`)
      .join(""),
    "lines.txt": TEXTS.slice(0, 8).join("\n"),
    "vectors.txt": `3 4\n${["dog", "cat", "a b"].map((word, i) => `${word} 0.5 -1 ${i} 2e-3`).join("\n")}\n`,
    "list.tsv": "16.wav\tdog\n8.wav\tcat\n",
    "settings.json": JSON.stringify({
      hidden: 8,
      layers: 1,
      "batch-size": 4,
      "batch-tokens": 100,
      tied: "none",
      lr: 0.01,
    }),
  };
}

/** A WAV file of noise: PCM (format 1) or floats (3), with a chunk that nobody asked for. */
function wav(format, bits) {
  const block = (2 * bits) / 8;
  const data = Uint8Array.from({ length: 100 * block }, (_, i) =>
    format === 3 && i % 4 === 3 ? 0x3e : (i * 73) % 251,
  );
  const chunk = (id, bytes) => [
    ...Buffer.from(id, "latin1"),
    ...Buffer.from(Uint32Array.of(bytes.length).buffer),
    ...bytes,
  ];
  const fields = [
    ...Buffer.from(Uint16Array.of(format, 2).buffer),
    ...Buffer.from(Uint32Array.of(8000, 8000 * block).buffer),
  ];
  const fmt = chunk("fmt ", [...fields, ...Buffer.from(Uint16Array.of(block, bits).buffer)]);
  const body = [...Buffer.from("WAVE"), ...fmt, ...chunk("LIST", [1, 2, 3, 4]), ...chunk("data", data)];
  return Uint8Array.from(chunk("RIFF", body));
}

/** The samples by name, such as `translate/config.json`. */
export function readSamples(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, path, name }) => {
      const file = join(parentPath ?? path, name);
      return [file.slice(folder.length + 1).replaceAll("\\", "/"), new Uint8Array(readFileSync(file))];
    }),
  );
}
