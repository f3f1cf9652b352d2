import { parseJSON } from "../../json.js";
import type { OptimizerState } from "../../optim/optimizer.js";
import { showName } from "../../show.js";
import { kernelSet } from "../../tensor/kernels/index.js";
import { Generator, type GeneratorState } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { blaming } from "../files/blaming.js";
import { checkFinite } from "../files/finite.js";
import { CHECKPOINT } from "../files/modelFolder.js";
import { decodeSealed, encodeSealed } from "../files/seal.js";
import type { MovingAverage } from "./movingAverage.js";
import { type Progress, parseProgress } from "./progress.js";
import type { SnapshotInfo, Snapshots } from "./snapshots.js";
import type { Carried } from "./task.js";

/** All of a checkpoint that is not floats. */
interface Header {
  readonly kernels: string;
  /** Whatever the task's owner wants to find again, such as the settings that the run began with. */
  readonly settings: unknown;
  readonly identity: Readonly<Record<string, string | number>>;
  readonly progress: Progress;
  readonly generator: GeneratorState;
  readonly optimizer: Omit<OptimizerState, "tensors">;
  /** When the weights were taken that the end averages. */
  readonly snapshots?: readonly SnapshotInfo[];
}

/** A run as it stood: everything that it takes to go on bit for bit. */
export interface Checkpoint {
  /**
   * Weights as `model.NAME`, the optimiser's state as `optimizer.NAME`, the moving average as `ema.NAME`, weights to be
   * averaged as `snapshot.STEP.NAME`, and what the task carries from batch to batch as `carried.NAME`.
   */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly header: Header;
}

/** A run's parts, which a checkpoint is made of and restores. */
export interface RunParts {
  readonly model: { stateDict(): Record<string, Tensor>; loadStateDict(state: Record<string, Tensor>): void };
  readonly optimizer: { stateDict(): OptimizerState; loadStateDict(state: OptimizerState): void };
  readonly generator: Generator;
  readonly identity: Readonly<Record<string, string | number>>;
  readonly ema: MovingAverage | null;
  readonly snapshots: Snapshots | null;
  readonly carried: Carried | null;
}

/**
 * A run as one safetensors file: weights, the optimiser's state and, as JSON, everything else. Throws `Error` on a number
 * that is not finite: what is broken shall not take the place of what works.
 */
export function encodeCheckpoint(parts: RunParts, progress: Progress, settings: unknown): Uint8Array {
  const { tensors, ...optimizer } = parts.optimizer.stateDict();
  const header: Header = {
    kernels: kernelSet,
    settings,
    identity: parts.identity,
    progress,
    generator: parts.generator.getState(),
    optimizer,
    ...(parts.snapshots && { snapshots: parts.snapshots.infos }),
  };
  const all = {
    ...prefixed("model.", parts.model.stateDict()),
    ...prefixed("optimizer.", tensors),
    ...prefixed("ema.", parts.ema?.stateDict() ?? {}),
    ...prefixed("snapshot.", parts.snapshots?.stateDict() ?? {}),
    ...prefixed("carried.", parts.carried?.stateDict() ?? {}),
  };
  checkFinite(all);
  return encodeSealed({
    tensors: all,
    metadata: { training: JSON.stringify(header) },
  });
}

/**
 * Reads the bytes of a checkpoint. Throws `Error`, beginning with the file's name, when they are none or damaged, and on a
 * number that is not finite.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSealed({ [CHECKPOINT]: bytes }, CHECKPOINT);
  return blaming(`${CHECKPOINT}: `, () => {
    checkFinite(tensors);
    return { tensors, header: parseHeader(metadata.training ?? "null") };
  });
}

/**
 * Puts a run's parts where the checkpoint was written, and returns its progress. Throws `Error`, with nothing changed
 * but perhaps the model, when the checkpoint is of another model, optimiser, data or kernel set.
 */
export function restoreCheckpoint({ tensors, header }: Checkpoint, parts: RunParts): Progress {
  const others = Object.keys(parts.identity).filter((name) => header.identity[name] !== parts.identity[name]);
  if (others.length > 0) {
    // Who gives a run that set some aside others to validate by has not touched the file to train on.
    const why = others.length > 1 ? " (what is not given for validation is set aside from training)" : "";
    throw new Error(`expected the ${others.join(" and ")} that the run began with, got others${why}`);
  }
  if (header.kernels !== kernelSet) {
    throw new Error(
      `expected the kernel set ${showName(String(header.kernels))} that the run began with, got ${kernelSet}`,
    );
  }
  parts.model.loadStateDict(unprefixed("model.", tensors));
  parts.optimizer.loadStateDict({ ...header.optimizer, tensors: unprefixed("optimizer.", tensors) });
  parts.ema?.loadStateDict(unprefixed("ema.", tensors));
  parts.snapshots?.loadStateDict(header.snapshots ?? [], unprefixed("snapshot.", tensors));
  parts.carried?.loadStateDict(unprefixed("carried.", tensors));
  parts.generator.setState(header.generator);
  return { ...header.progress };
}

/** Everything of the header that is used without a check of its own, checked. */
function parseHeader(training: string): Header {
  const header = blaming("expected training state in JSON: ", () => parseJSON(training)) as Partial<Header> | null;
  const progress = parseProgress(header?.progress);
  const { identity, generator, optimizer, snapshots = [] } = header ?? {};
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
  const isSnapshot = (value: Partial<SnapshotInfo> | null): boolean =>
    Number.isSafeInteger(value?.step) && typeof value?.scores?.loss === "number";
  const sound =
    [identity, generator, optimizer].every(isObject) && Array.isArray(snapshots) && snapshots.every(isSnapshot);
  if (!sound) throw new Error("expected a checkpoint with training state, got a file without");
  // Tried here, so that a broken state is found now and not in the middle of the run.
  new Generator().setState(generator as GeneratorState);
  return { ...(header as Header), progress };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

function unprefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
