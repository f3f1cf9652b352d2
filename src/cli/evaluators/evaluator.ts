import { configOption, type Options, type Values } from "../options.js";
import { threadsOption } from "../threads.js";

/** The options of `evaluate` whatever it judges. */
export const commonOptions = {
  threads: threadsOption,
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;
export type CommonOptions = typeof commonOptions;

/** How `evaluate` judges models of one task. */
export interface Evaluator {
  /** What it has beyond the options of all. */
  readonly options: Options;
  /** Those of them that say what to judge by, and are always wanted. */
  readonly needs: readonly string[];
  /** Prints how good the model in a folder is, by values that have all it needs. */
  run(model: string, values: Values<Options>): Promise<void>;
}
