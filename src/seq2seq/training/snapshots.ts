import type { Module } from "../../nn/module.js";
import { numel } from "../../tensor/shape.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";
import type { Scores } from "./task.js";
import { floatsFor, namedWeights } from "./weights.js";

/** When some weights were validated, and what was found. */
export interface SnapshotInfo {
  readonly step: number;
  readonly scores: Scores;
}

interface Snapshot extends SnapshotInfo {
  readonly weights: readonly FloatArray[];
}

/** Copies of a model's weights at its last or best validations, to be averaged in the end. */
export class Snapshots {
  readonly #named: ReadonlyMap<string, Tensor>;
  readonly #most: number;
  readonly #isWorse: (one: SnapshotInfo, other: SnapshotInfo) => boolean;
  /** In the order of their steps. */
  #kept: Snapshot[] = [];

  /** Keeps the last `most` or, where `isBetter` is given, the best by it; of equal ones the later. */
  constructor(model: Module, most: number, isBetter: ((now: Scores, before: Scores) => boolean) | null) {
    this.#named = namedWeights(model);
    this.#most = most;
    this.#isWorse = (one, other) => isBetter?.(other.scores, one.scores) ?? false;
  }

  get length(): number {
    return this.#kept.length;
  }

  /** When each was taken. */
  get infos(): readonly SnapshotInfo[] {
    return this.#kept.map(({ step, scores }) => ({ step, scores }));
  }

  /** Takes in the weights as they are. */
  add(info: SnapshotInfo): void {
    const weights = [...this.#named.values()].map((parameter) => floatsOf(parameter).slice());
    this.#kept.push({ ...info, weights });
    while (this.#kept.length > this.#most) {
      const worst = this.#kept.reduce((worst, one) => (this.#isWorse(one, worst) ? one : worst));
      this.#kept = this.#kept.filter((one) => one !== worst);
    }
  }

  /** The mean of what is kept, in the order of the model's parameters. */
  mean(): Float64Array[] {
    return [...this.#named.values()].map(({ shape }, i) => {
      const mean = new Float64Array(numel(shape));
      for (const { weights } of this.#kept) {
        for (let j = 0; j < mean.length; j++) mean[j] += weights[i][j] / this.#kept.length;
      }
      return mean;
    });
  }

  /** All weights, as `STEP.NAME`. */
  stateDict(): Record<string, Tensor> {
    const named = [...this.#named];
    return Object.fromEntries(
      this.#kept.flatMap(({ step, weights }) =>
        named.map(([name, { shape }], i) => [`${step}.${name}`, new Tensor(weights[i].slice(), shape, "stateDict")]),
      ),
    );
  }

  /** Throws `Error` when it is not what `infos` and `stateDict` gave for such a model; nothing is changed then. */
  loadStateDict(infos: readonly SnapshotInfo[], state: Readonly<Record<string, Tensor>>): void {
    this.#kept = infos.map(({ step, scores }) => {
      const own = Object.entries(state).filter(([name]) => name.startsWith(`${step}.`));
      const tensors = Object.fromEntries(own.map(([name, tensor]) => [name.slice(`${step}.`.length), tensor]));
      return { step, scores, weights: floatsFor(`the weights at step ${step}`, this.#named, tensors) };
    });
  }
}
