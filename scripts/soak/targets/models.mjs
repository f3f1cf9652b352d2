// Model folders and checkpoints of every task, in memory: with one file broken, be it one whose checksum tells or one that
// comes without checksums.
import { seq2seq } from "../../../dist/index.js";
import { jsonText, mutateBytes, mutateJson, mutateJsonFile } from "../mutate.mjs";
import { PAIRS } from "../samples.mjs";
import { Violation } from "./files.mjs";

const { Translator, TextGenerator, Transcriber, Classifier } = seq2seq;
const silence = { sampleRate: 8000, channels: [new Float32Array(800)] };

/** Each task's model, and what it has to be able to do once it is read. */
const TASKS = {
  translate: [
    Translator,
    ["config.json", "source.json", "target.json"],
    (model) => model.translate(["the cat"], { maxLength: 5 }),
  ],
  generate: [TextGenerator, ["config.json", "target.json"], (model) => model.generate("the c", { length: 3 })],
  transcribe: [Transcriber, ["config.json", "target.json"], (model) => model.transcribe([silence], { maxLength: 5 })],
  classify: [Classifier, ["config.json", "source.json"], (model) => model.classify(["the cat"])],
};
const NAMES = Object.keys(TASKS);
const WEIGHTS = "model.safetensors";

export const models = {
  name: "model folder",
  weight: 8,
  make(random, samples) {
    const task = NAMES[random.integer(NAMES.length)];
    const files = Object.fromEntries([...TASKS[task][1], WEIGHTS].map((name) => [name, samples[`${task}/${name}`]]));
    if (random.integer(8) > 0) files[WEIGHTS] = unsealed(files[WEIGHTS], random);
    const names = Object.keys(files);
    const name = names[random.integer(names.length)];
    files[name] = name === WEIGHTS ? mutateBytes(random, files[name]) : mutateJsonFile(random, files[name]);
    return { ...files, task };
  },
  run({ task, ...files }) {
    const [Kind, , use] = TASKS[task];
    const model = Kind.fromFiles(files);
    use(model);
    model.dispose();
  },
};

/** Weights as another program would write them, without checksums; now and then under another name or shape. */
function unsealed(bytes, random) {
  const { tensors } = seq2seq.decodeSafetensors(bytes);
  const names = Object.keys(tensors);
  if (random.integer(10) === 0) delete tensors[names[random.integer(names.length)]];
  return seq2seq.encodeSafetensors({ tensors, metadata: {} });
}

const CHECKPOINT = "checkpoint.safetensors";

/** A checkpoint whose training state, or whose bytes, are others. */
function brokenCheckpoint(random, bytes) {
  const kind = random.integer(8);
  if (kind === 0) return mutateBytes(random, bytes);
  const { tensors, metadata } = seq2seq.decodeSafetensors(bytes);
  const state = JSON.parse(metadata.training);
  const names = Object.keys(tensors);
  if (kind === 1) delete tensors[names[random.integer(names.length)]];
  const training = kind < 2 ? metadata.training : jsonText(random, mutateJson(random, state));
  return seq2seq.encodeSafetensors({ tensors, metadata: { training: training.toWellFormed?.() ?? training } });
}

export const checkpoints = {
  name: "checkpoint",
  weight: 3,
  make: (random, samples) => ({ [CHECKPOINT]: brokenCheckpoint(random, samples[`translate/${CHECKPOINT}`]) }),
  run(files) {
    seq2seq.decodeCheckpoint(files[CHECKPOINT]);
  },
};

const FILES = ["config.json", "source.json", "target.json", WEIGHTS, "history.json", "settings.json"];
/** A run that goes on from a broken checkpoint or history: the model in its store stays whole. */
export const resumes = {
  name: "resuming",
  weight: 0.3,
  make(random, samples) {
    const files = Object.fromEntries(FILES.map((name) => [name, samples[`translate/${name}`]]));
    const history = random.integer(4) === 0 ? mutateJsonFile(random, files["history.json"]) : files["history.json"];
    return {
      ...files,
      "history.json": history,
      [CHECKPOINT]: brokenCheckpoint(random, samples[`translate/${CHECKPOINT}`]),
    };
  },
  async run(files) {
    const store = new seq2seq.MemoryStore(files);
    try {
      const signal = AbortSignal.abort();
      await seq2seq.trainTranslator({ train: PAIRS, store, resume: true, signal });
    } finally {
      const kept = {};
      for (const name of await store.list()) kept[name] = await store.read(name);
      try {
        Translator.fromFiles(kept).dispose();
      } catch (error) {
        // biome-ignore lint/correctness/noUnsafeFinally: the damage is what counts
        throw new Violation(`the model in the store was damaged: ${error.message}`);
      }
    }
  },
};
