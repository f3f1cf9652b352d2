// Files of one kind each, read from memory or, where the library streams them, from the case's folder.
import { join } from "node:path";
import { seq2seq } from "../../../dist/index.js";
import { logMel, mono, resample } from "../../../dist/seq2seq/index.js";
import { jsonText, mutateBytes, mutateJson, mutateJsonFile, mutateTextFile } from "../mutate.mjs";

const encode = (text) => new TextEncoder().encode(text);
const any = (random, samples, names) => samples[names[random.integer(names.length)]];

/** JSON that the library is handed as what it says; where it is none, there is no case. */
function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

/** Throws unless something is so that has to be. */
function must(isSo, what) {
  if (!isSo) throw new Violation(what);
}
/** What a loader took and should not have taken, or made wrong of it. */
export class Violation extends Error {}

export const safetensors = {
  name: "safetensors",
  weight: 8,
  make(random, samples) {
    const bytes = any(random, samples, ["plain.safetensors", "eight.safetensors", "classify/model.safetensors"]);
    return { "a.safetensors": random.integer(2) ? mutateBytes(random, bytes) : withHeader(random, bytes) };
  },
  run(files) {
    const { tensors, metadata } = seq2seq.decodeSafetensors(files["a.safetensors"]);
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      must(
        shape.reduce((product, size) => product * size, 1) === data.length,
        `${name}: ${shape} for ${data.length} numbers`,
      );
    }
    if (!Object.hasOwn(tensors, "__metadata__")) seq2seq.encodeSafetensors({ tensors, metadata });
  },
};

/** A file whose header says something else, and as long as it is. */
function withHeader(random, bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const text = encode(jsonText(random, mutateJson(random, header)));
  const size = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return Uint8Array.from(Buffer.concat([size, text, bytes.subarray(8 + length)]));
}

export const vocabulary = {
  name: "vocabulary, tokenizer and merges",
  weight: 6,
  make: (random, samples) => ({ "source.json": mutateJsonFile(random, any(random, samples, LANGUAGES)) }),
  run(files) {
    const content = parsed(files["source.json"]);
    const words = seq2seq.Vocabulary.fromJSON(content?.vocabulary);
    const tokenizer = seq2seq.tokenizerFromJSON(content?.tokenizer);
    const language = { tokenizer, vocabulary: words };
    const ids = seq2seq.encodeText(language, "the cat isn't here, today!");
    must(
      [...ids].every((id) => id >= 0 && id < words.size),
      "ids beyond the vocabulary",
    );
    seq2seq.decodeText(language, [...ids]);
  },
};
const LANGUAGES = ["translate/source.json", "translate/target.json", "generate/target.json", "classify/source.json"];

export const history = {
  name: "history",
  weight: 3,
  make: (random, samples) => ({ "history.json": mutateJsonFile(random, samples["translate/history.json"]) }),
  run(files) {
    seq2seq.drawCurves(seq2seq.parseHistory(files["history.json"]));
  },
};

export const settings = {
  name: "settings file",
  weight: 3,
  make: (random, samples) => ({
    "settings.json": mutateJsonFile(random, any(random, samples, ["settings.json", "translate/settings.json"])),
  }),
  run(files) {
    const options = parsed(files["settings.json"]);
    const { model, ...rest } = seq2seq.trainOptions(options);
    seq2seq.resolveSettings({ ...rest, ...model });
  },
};

async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What is read whole and what is streamed has to be the same, or refused by both. */
async function alike(whole, stream) {
  const got = await Promise.allSettled([(async () => whole())(), collect(stream())]);
  const [a, b] = got.map(({ status, value, reason }) =>
    JSON.stringify([status, value ?? reason.message.replace(/^.*?: /, "")]),
  );
  if (got[0].status !== got[1].status || (got[0].status === "fulfilled" && a !== b))
    throw new Violation(`read whole: ${a.slice(0, 100)}, streamed: ${b.slice(0, 100)}`);
  if (got[0].status === "rejected") throw got[0].reason;
}

export const pairs = {
  name: "TSV",
  weight: 4,
  onDisk: true,
  make: (random, samples) => ({ "pairs.tsv": mutateTextFile(random, samples["pairs.tsv"]) }),
  run: (files, folder) =>
    alike(
      () => seq2seq.readTsv(files["pairs.tsv"], "pairs.tsv"),
      () => seq2seq.streamTsv(join(folder, "pairs.tsv")),
    ),
};

export const parallel = {
  name: "parallel text",
  weight: 3,
  onDisk: true,
  make: (random, samples) => ({
    "a.txt": random.integer(2) ? samples["lines.txt"] : mutateTextFile(random, samples["lines.txt"]),
    "b.txt": mutateTextFile(random, samples["lines.txt"]),
  }),
  run(files, folder) {
    const [a, b] = ["a.txt", "b.txt"].map((file) => ({ bytes: files[file], file }));
    const paths = ["a.txt", "b.txt"].map((file) => join(folder, file));
    return alike(
      () => seq2seq.readParallel(a, b),
      () => seq2seq.streamParallel(...paths),
    );
  },
};

export const lines = {
  name: "lines",
  weight: 2,
  onDisk: true,
  make: (random, samples) => ({ "lines.txt": mutateTextFile(random, samples["lines.txt"]) }),
  run: (files, folder) =>
    alike(
      () => seq2seq.readLines(files["lines.txt"], "lines.txt"),
      () => seq2seq.streamLines(join(folder, "lines.txt")),
    ),
};

export const embeddings = {
  name: "word vectors",
  weight: 2,
  make: (random, samples) => ({ "vectors.txt": mutateTextFile(random, samples["vectors.txt"]) }),
  async run(files) {
    const { size, vectors } = await seq2seq.readEmbeddings(seq2seq.readLines(files["vectors.txt"], "vectors.txt"));
    for (const vector of vectors.values()) must(vector.length === size && vector.every(Number.isFinite), "a vector");
  },
};

export const wav = {
  name: "WAV",
  weight: 6,
  make: (random, samples) => ({ "a.wav": mutateBytes(random, any(random, samples, WAVS)) }),
  run(files) {
    const { sampleRate, channels } = seq2seq.readWav(files["a.wav"]);
    const samples = mono(channels);
    must(samples.every(Number.isFinite), "samples");
    if (samples.length > 0 && samples.length < 5000 && sampleRate >= 2000 && sampleRate <= 100_000) {
      logMel(resample(samples, sampleRate, 8000), { sampleRate: 8000, window: 25, hop: 10, bands: 6 });
    }
  },
};
const WAVS = ["16.wav", "8.wav", "24.wav", "float.wav"];

export const utterances = {
  name: "list of recordings",
  weight: 1,
  onDisk: true,
  make: (random, samples) => ({
    "16.wav": samples["16.wav"],
    "8.wav": random.integer(2) ? mutateBytes(random, samples["8.wav"]) : samples["8.wav"],
    "list.tsv": mutateTextFile(random, samples["list.tsv"]),
  }),
  run(_, folder) {
    seq2seq.readUtterances(join(folder, "list.tsv"));
  },
};
