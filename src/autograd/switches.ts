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
    const result = body();
    if (result instanceof Promise) throw new TypeError("noGrad: expected a synchronous callback, got a promise");
    return result;
  } finally {
    enabled = before;
  }
}
