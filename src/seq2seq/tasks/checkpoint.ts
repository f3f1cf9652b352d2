import type { OptimizerState } from "../../optim/optimizer.js";
import { kernelSet } from "../../tensor/kernels/index.js";
import { Generator, type GeneratorState } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bucketedBatches } from "../data/bucket.js";
import type { EncodedPair, Pairs } from "../data/pairs.js";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.js";
import type { Trainer, TrainingProgress } from "../training/trainer.js";
import type { Score } from "./score.js";
import { type Settings, settingsFromJSON, settingsToJSON } from "./settings.js";

/** What a run knows besides weights and optimiser: how far it is, and how well it did. */
export interface RunState {
  readonly progress: TrainingProgress;
  readonly best: Score | null;
  /** Validations since the best one. */
  readonly sinceBest: number;
}

/** All of a checkpoint that is not floats. */
interface Header extends RunState {
  readonly kernels: string;
  readonly settings: Settings;
  /** Of the training pairs: a run can only go on with the text it began with. */
  readonly fingerprint: number;
  /** Of the validation pairs: the best score was measured on them. */
  readonly validation: number;
  readonly generator: GeneratorState;
  readonly optimizer: Omit<OptimizerState, "tensors">;
}

/**
 * A run as one safetensors file: weights (`model.*`), the optimiser's state (`optimizer.*`) and, as JSON, everything
 * else. A run resumed from it continues bit for bit.
 */
export function encodeCheckpoint(
  trainer: Trainer,
  run: Omit<RunState, "progress">,
  settings: Settings,
  valid: Pairs,
): Uint8Array {
  const { tensors, ...optimizer } = trainer.optimizer.stateDict();
  const header: Omit<Header, "settings"> & { readonly settings: object } = {
    ...run,
    progress: trainer.progress,
    kernels: kernelSet,
    settings: settingsToJSON(settings),
    fingerprint: fingerprint(trainer.pairs),
    validation: fingerprint(valid),
    generator: trainer.generator.getState(),
    optimizer,
  };
  return encodeSafetensors({
    tensors: { ...prefixed("model.", trainer.model.stateDict()), ...prefixed("optimizer.", tensors) },
    metadata: { training: JSON.stringify(header) },
  });
}

/** A checkpoint as read from a file, its text and numbers checked, its tensors not yet held against a model's. */
export interface Checkpoint {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly header: Header;
}

/** Reads the bytes of a checkpoint. Throws `Error` when they are none. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  return { tensors, header: parseHeader(metadata.training ?? "null") };
}

/**
 * Puts a trainer where the checkpoint was written, and returns the rest of the run's state.
 * Throws `Error` when the checkpoint is of another model, optimiser or text.
 */
export function restoreCheckpoint({ tensors, header }: Checkpoint, trainer: Trainer, valid: Pairs): RunState {
  if (header.fingerprint !== fingerprint(trainer.pairs)) {
    throw new Error("expected the training pairs that the run began with, got others");
  }
  if (header.validation !== fingerprint(valid)) {
    throw new Error("expected the validation pairs that the run began with, got others");
  }
  if (header.kernels !== kernelSet) {
    throw new Error(`expected the kernel set ${header.kernels} that the run began with, got ${kernelSet}`);
  }
  const { batchSize } = header.settings;
  const steps = bucketedBatches(trainer.pairs, { batchSize }, new Generator().setState(header.progress.epochStart));
  if (header.progress.step > steps.length) {
    throw new Error(`expected at most the ${steps.length} steps of an epoch to be done, got ${header.progress.step}`);
  }
  trainer.model.loadStateDict(unprefixed("model.", tensors));
  trainer.optimizer.loadStateDict({ ...header.optimizer, tensors: unprefixed("optimizer.", tensors) });
  trainer.generator.setState(header.generator);
  Object.assign(trainer.progress, header.progress);
  return header;
}

/** Everything of the header that is used without a check of its own, checked. */
function parseHeader(training: string): Header {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(training);
  } catch (error) {
    throw new Error(`expected training state in JSON: ${(error as Error).message}`, { cause: error });
  }
  const { progress, best, sinceBest, generator, optimizer } = header ?? {};
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  const sound =
    [progress?.epoch, progress?.step, progress?.totalSteps, progress?.tokens, sinceBest].every(isCount) &&
    typeof progress?.lossSum === "number" &&
    Array.isArray(progress.epochStart) &&
    Array.isArray(generator) &&
    typeof optimizer === "object" &&
    optimizer !== null &&
    (best === null || (typeof best?.bleu === "number" && typeof best.loss === "number"));
  if (!sound) throw new Error("expected a checkpoint with training state, got a file without");
  // Tried here, so that a broken state is found now and not in the middle of the run.
  new Generator().setState((progress as TrainingProgress).epochStart);
  return { ...(header as Header), settings: settingsFromJSON(header?.settings) };
}

/** FNV-1a over all ids of all pairs. */
function fingerprint(pairs: Pairs): number {
  let hash = 0x811c9dc5;
  const add = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (let at = 0; at < pairs.length; at++) {
    const { source, target } = pairs.at(at) as EncodedPair;
    for (const ids of [source, target]) {
      add(ids.length);
      for (let i = 0; i < ids.length; i++) add(ids[i]);
    }
  }
  return hash;
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

function unprefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
