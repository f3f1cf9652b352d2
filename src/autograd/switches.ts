let enabled = true;

/** Whether ops record their history: true but for inside `noGrad` and while `backward` runs. */
export function isGradEnabled(): boolean {
  return enabled;
}

/**
 * Runs `body` without recording any history: for evaluation and for changing parameters by hand.
 * Throws `TypeError` when `body` returns a promise: the switch cannot stay off across other work.
 *
 * @example
 * const y = noGrad(() => model.forward(x));
 */
export function noGrad<R>(body: () => R): R {
  const before = enabled;
  enabled = false;
  try {
    return synchronous("noGrad", body());
  } finally {
    enabled = before;
  }
}

/** A callback's result. Throws `TypeError` on a promise: what goes on later would find the switch as it was before. */
export function synchronous<R>(caller: string, result: R): R {
  if (result instanceof Promise) throw new TypeError(`${caller}: expected a synchronous callback, got a promise`);
  return result;
}
