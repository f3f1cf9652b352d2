import { noGrad } from "../../autograd/switches.js";
import { Module } from "../../nn/module.js";

/** Which parts of a model were training, and which not. */
export type Modes = ReadonlyMap<Module, boolean>;

/** The modes that all parts of a model are in; none of what is no module. */
export function modesOf(model: unknown): Modes {
  return new Map(model instanceof Module ? [...model.namedModules()].map(([, part]) => [part, part.training]) : []);
}

/** Puts each part of a model back into its mode. */
export function restoreModes(modes: Modes): void {
  for (const [part, training] of modes) part.training = training;
}

/** Runs `body` with dropout off and no history, and puts every part of the model back into the mode it was in. */
export function evaluating<R>(model: unknown, body: () => R): R {
  const modes = modesOf(model);
  for (const part of modes.keys()) part.training = false;
  try {
    return noGrad(body);
  } finally {
    restoreModes(modes);
  }
}
