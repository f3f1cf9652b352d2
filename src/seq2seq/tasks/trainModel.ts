import type { Module } from "../../nn/module.js";
import { Adam } from "../../optim/adam.js";
import type { Optimizer } from "../../optim/optimizer.js";
import { SGD } from "../../optim/sgd.js";
import { anything, callback, flag, text } from "../../options.js";
import { Generator } from "../../tensor/random.js";
import { numel } from "../../tensor/shape.js";
import { blaming } from "../files/blaming.js";
import { holds } from "../files/disk.js";
import { FolderStore } from "../files/folderStore.js";
import { checkWritable } from "../files/lock.js";
import { MemoryStore } from "../files/memoryStore.js";
import { CHECKPOINT, checkReplaceable, PICTURES, SETTINGS_FILE } from "../files/modelFolder.js";
import type { Files, Store } from "../files/store.js";
import { type Checkpoint, decodeCheckpoint } from "../training/checkpoint.js";
import type { RunEnd, StepEvent, ValidationEvent } from "../training/events.js";
import { runLocked } from "../training/run.js";
import type { RunOptions } from "../training/runOptions.js";
import type { Scores, Task } from "../training/task.js";
import { resolveSettings, type SettingChange, settingsFromJSON, settingsToJSON } from "./resolveSettings.js";
import type { Settings } from "./settings.js";
import { settingsFile } from "./settingsFile.js";

/** What a training has whatever it trains. `S` are the scores of its validations. */
export interface TrainOptions<S extends Scores> {
  /** Where the model goes: a folder, or any other store. Default: memory; the result has the best model in any case. */
  readonly folder?: string;
  readonly store?: Store;
  /** Whether a model in `folder` may be replaced; what is not a model's never is. */
  readonly overwrite?: boolean;
  /**
   * Goes on from the checkpoint in the folder or store, with the same data. Settings left out stay as they were; most of
   * them may not change.
   */
  readonly resume?: boolean;
  readonly signal?: { readonly aborted: boolean };
  onStep?(event: StepEvent): void;
  onValidation?(report: ValidationEvent & S): void;
}

/** The table of what trainings are given: {@link TrainOptions}, the data, and what all tell when they start. */
export const trainOptionTable = {
  ...{ train: anything<never>(), valid: anything<never>(), model: anything<never>() },
  ...{ folder: text(), store: anything<never>(), overwrite: flag(), resume: flag(), signal: anything<never>() },
  ...{ onStart: callback<never>(), onStep: callback<never>(), onValidation: callback<never>() },
};

/** What is known of any training once its data is read. */
export interface TrainStart {
  readonly parameters: number;
  /** Epochs that were done before, in a resumed run. */
  readonly doneEpochs: number;
  readonly settings: Settings;
  /** What a resumed run does in another way than it began. */
  readonly changed: readonly SettingChange[];
  /** By which score the best model is chosen. */
  readonly criterion: string;
}

/** A model with what turns data into its numbers and back, such as a translator. */
interface Trained {
  readonly model: Module;
}

/** What a kind of model adds to a training. */
export interface Kind<T extends Trained> {
  /** The files that make one up. */
  readonly fileNames: readonly string[];
  fromFiles(files: Files, options: { readonly generator?: Generator }): T;
  /** Reads the data and makes what is trained, or goes on with what the run `began` with. */
  prepare(
    settings: Settings,
    generator: Generator,
    began: T | null,
  ): Promise<{ readonly trained: T; task(files: Files): Task<unknown>; onStart?(start: TrainStart): void }>;
}

/** The end of a training. */
export interface TrainResult<T, S> {
  /** The best, as saved. */
  readonly trained: T;
  readonly best: S;
  readonly end: RunEnd;
}

/**
 * Trains in a folder or another store, which is locked meanwhile: the best model is kept there, with a checkpoint, its
 * history and its settings. Throws what {@link run} throws, and `Error` when the folder may not or cannot be written.
 */
export async function trainModel<T extends Trained, S extends Scores>(
  given: Partial<Settings>,
  options: TrainOptions<S>,
  kind: Kind<T>,
): Promise<TrainResult<T, S>> {
  const store = openStore(options);
  const unlock = await store.lock();
  try {
    return await trainIn(store, given, options, kind);
  } finally {
    await unlock();
  }
}

async function trainIn<T extends Trained, S extends Scores>(
  store: Store,
  given: Partial<Settings>,
  options: TrainOptions<S>,
  kind: Kind<T>,
): Promise<TrainResult<T, S>> {
  const generator = new Generator();
  const began = options.resume ? await readRun(store, generator, kind) : null;
  const { settings, changed } = resolveSettings(given, began?.settings);
  generator.manualSeed(settings.seed);
  const { trained, task: makeTask, onStart } = await kind.prepare(settings, generator, began?.trained ?? null);
  const { model } = trained;
  const task = makeTask({ [SETTINGS_FILE]: settingsFile(settings) });
  onStart?.({
    parameters: model.parameters().reduce((count, { shape }) => count + numel(shape), 0),
    doneEpochs: began?.checkpoint.header.progress.epoch ?? 0,
    ...{ settings, changed, criterion: task.criterion ?? "loss" },
  });
  let last: { best: Scores; end: RunEnd } | null = null;
  let isFirstSave = !options.resume;
  const events = runLocked(task, {
    ...runOptionsOf(settings),
    store,
    optimizer: makeOptimizer(model, settings),
    resume: began?.checkpoint,
    settings: settingsToJSON(settings),
    signal: options.signal,
  });
  for await (const event of events) {
    if (event.kind === "step") options.onStep?.(event);
    else if (event.kind === "end") last = event;
    else {
      if (isFirstSave) await store.write({}, PICTURES); // of the model that was here before
      isFirstSave = false;
      options.onValidation?.({ ...event, ...(event.scores as S) });
    }
  }
  const { best, end } = last!; // a run that does not throw ends with it
  return { trained: await readTrained(store, kind), best: best as S, end };
}

/** The settings that a run of any task has. */
function runOptionsOf(settings: Settings): Omit<RunOptions, "optimizer"> {
  const { epochs, patience, maxMinutes, validateEvery, clipNorm, ema, averageCheckpoints, averageOf } = settings;
  const { skipNonfinite, detectAnomaly } = settings;
  const { lrDecay, lrDecayFactor, lrDecayPatience, lrDecayStart, lrDecayEvery, warmupSteps } = settings;
  return {
    ...{ epochs, patience, maxMinutes, validateEvery, clipNorm, ema, averageCheckpoints, averageOf },
    ...{ skipNonfinite, detectAnomaly },
    ...{ lrDecay, lrDecayFactor, lrDecayPatience, lrDecayStart, lrDecayEvery, warmupSteps },
  };
}

function makeOptimizer(model: Module, { optimizer, lr, weightDecay }: Settings): Optimizer {
  const Rule = optimizer === "adam" ? Adam : SGD;
  return new Rule(model.parameters(), { lr, weightDecay });
}

/** Where the model goes. Throws `Error` when it may not, or cannot, go there. */
function openStore<S extends Scores>({ folder, store, overwrite = false, resume = false }: TrainOptions<S>): Store {
  if (folder !== undefined && store) throw new TypeError("train: expected a folder or a store, got both");
  if (folder === undefined) {
    if (resume && !store) throw new TypeError("train: expected a folder or a store to resume from, got neither");
    return store ?? new MemoryStore();
  }
  if (resume && !holds(folder)) {
    throw new Error(`resume: expected a model folder, got ${folder}, which does not exist`);
  }
  if (!resume) checkReplaceable("train", folder, overwrite, "overwrite replaces a model, resume goes on with it");
  checkWritable("train", folder);
  return new FolderStore(folder);
}

/** What a run left in its store. */
async function readRun<T extends Trained>(
  store: Store,
  generator: Generator,
  kind: Kind<T>,
): Promise<{ trained: T; checkpoint: Checkpoint; settings: Settings }> {
  const trained = await readTrained(store, kind, generator);
  const bytes = await store.read(CHECKPOINT);
  if (!bytes) throw new Error(`resume: expected a checkpoint to go on from, got none in ${store.name}`);
  return blaming(`resume: ${store.name}/`, () => {
    const checkpoint = decodeCheckpoint(bytes);
    const settings = settingsFromJSON(checkpoint.header.settings, `${CHECKPOINT}: settings`);
    return { trained, checkpoint, settings };
  });
}

async function readTrained<T extends Trained>(
  store: Store,
  { fileNames, fromFiles }: Kind<T>,
  generator?: Generator,
): Promise<T> {
  const files: Record<string, Uint8Array> = {};
  for (const name of fileNames) {
    const bytes = await store.read(name);
    if (bytes) files[name] = bytes;
  }
  return blaming(`load: ${store.name}/`, () => fromFiles(files, { generator }));
}
