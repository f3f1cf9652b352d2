import { availableParallelism } from "node:os";
import { setNumThreads } from "../tensor/index.js";
import type { Option } from "./options.js";

/** `--threads`, of every command that computes much. */
export const threadsOption = {
  type: "number",
  value: "N",
  integer: true,
  min: 1,
  max: 64,
  help: "processor cores to use; results are the same for any number (all)",
} as const satisfies Option;

/** Lets the kernels use as many threads as asked for, or as the machine has cores. */
export function useThreads(threads?: number): void {
  setNumThreads(threads ?? Math.min(64, availableParallelism()));
}
