import { availableParallelism } from "node:os";
import { setNumThreads } from "../tensor/index.js";
import { settingOption } from "./settingOptions.js";

/** `--threads`, of every command that computes much. */
export const threadsOption = settingOption("threads");

/** Lets the kernels use as many threads as asked for, or as the machine has cores. */
export function useThreads(threads = Number.POSITIVE_INFINITY): void {
  setNumThreads(Number.isFinite(threads) ? threads : Math.min(64, availableParallelism()));
}
