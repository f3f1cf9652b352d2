import { noGrad } from "../../autograd/switches.js";
import { Module } from "../../nn/module.js";

/**
 * Runs `body` with dropout off and no history, and puts every part of the model back into the mode it was in. What is no
 * module has no modes.
 */
export function evaluating<R>(model: unknown, body: () => R): R {
  const training = model instanceof Module ? [...model.namedModules()].filter(([, module]) => module.training) : [];
  for (const [, module] of training) module.training = false;
  try {
    return noGrad(body);
  } finally {
    for (const [, module] of training) module.training = true;
  }
}
