import { kernels } from "../tensor/kernels/index.js";
import { formatShape, type Shape } from "../tensor/shape.js";
import type { FloatArray } from "../tensor/storage.js";
import { floatsOf, type Tensor } from "../tensor/tensor.js";
import { synchronous } from "./switches.js";

let enabled = false;

/** Whether ops look for numbers that are not finite; see {@link detectAnomaly}. */
export function isAnomalyEnabled(): boolean {
  return enabled;
}

/**
 * Switches the search for numbers that are not finite on or off for all that follows, as `torch.autograd.set_detect_anomaly`;
 * see {@link detectAnomaly}.
 */
export function setDetectAnomaly(mode: boolean): void {
  enabled = mode;
}

/**
 * Runs `body`, in which each op looks at what it computes, forward and backward, as `torch.autograd.detect_anomaly`. The
 * first NaN throws {@link AnomalyError}, which names the op; so does an infinity, unless one went into the op, as into the sum
 * of scores and a mask of −∞. (PyTorch looks at NaN and at the backward only.) Everything is read once more: for debugging.
 *
 * Throws `TypeError` when `body` returns a promise: the switch cannot stay on across other work.
 *
 * @example
 * detectAnomaly(() => model.loss(batch).backward());
 * // AnomalyError: log: expected finite numbers, got NaN at 2 of its result [8], from finite ones
 */
export function detectAnomaly<R>(body: () => R): R {
  const before = enabled;
  enabled = true;
  try {
    return synchronous("detectAnomaly", body());
  } finally {
    enabled = before;
  }
}

/** The first number that is not finite. Its `cause`, where the fault is a backward's, shows where the op was called. */
export class AnomalyError extends Error {
  override readonly name = "AnomalyError";
  /** The op that made it, or was given it from outside. */
  readonly op: string;
  readonly phase: "forward" | "backward";
  /** What the op was given; null in the place of what is absent. Of a backward, those that a gradient was wanted for. */
  readonly inputs: readonly (Tensor | null)[];

  constructor(
    fault: string,
    { op, phase, inputs, cause }: Pick<AnomalyError, "op" | "phase" | "inputs"> & { readonly cause?: unknown },
  ) {
    super(`${op}: expected finite ${phase === "forward" ? "numbers" : "gradients"}, got ${fault}`, { cause });
    this.op = op;
    this.phase = phase;
    this.inputs = inputs;
  }
}

/** Floats and what a message calls them. */
interface Part {
  readonly what: string;
  readonly shape: Shape;
  readonly floats: FloatArray;
}

/** Throws `AnomalyError` where an op's results are not finite and should be. */
export function checkForward(op: string, outputs: readonly Tensor[], inputs: readonly (Tensor | null)[]): void {
  const made = outputs.map((output, i) => partOf(resultName(i, outputs.length), output));
  const given = inputs.flatMap((input, i) => (input ? partOf(`input ${i}`, input) : []));
  const fault = faultOf(made, given);
  if (fault) throw new AnomalyError(fault, { op, phase: "forward", inputs });
}

/** Looks at a backward before it runs: what it is given, and which gradients it adds to are broken already. */
export class BackwardCheck {
  readonly #given: readonly Part[];
  readonly #alreadyBroken: ReadonlySet<FloatArray>;

  constructor(
    dys: readonly (FloatArray | null)[],
    shapes: readonly Shape[],
    dxs: readonly (FloatArray | null)[],
    unset: ReadonlySet<FloatArray>,
  ) {
    // Copies: a backward may turn what it is given into what it gives.
    this.#given = dys.flatMap((dy, i) =>
      dy
        ? {
            what: `the gradient of ${resultName(i, shapes.length)}`,
            shape: shapes[i],
            floats: allFinite(dy) ? NONE : dy.slice(),
          }
        : [],
    );
    this.#alreadyBroken = new Set(dxs.filter((dx) => dx !== null && !unset.has(dx) && !allFinite(dx)) as FloatArray[]);
  }

  /** Throws `AnomalyError` where a gradient that the op's backward has written is not finite and should be. */
  check(op: string, inputs: readonly (Tensor | null)[], dxs: readonly (FloatArray | null)[], cause: unknown): void {
    const made = dxs.flatMap((floats, i) => {
      const { shape = [] } = inputs[i] ?? {};
      return floats && !this.#alreadyBroken.has(floats) ? { what: `the gradient of input ${i}`, shape, floats } : [];
    });
    const fault = faultOf(made, this.#given);
    if (fault) throw new AnomalyError(fault, { op, phase: "backward", inputs, cause });
  }
}

const NONE = new Float32Array();

function resultName(i: number, count: number): string {
  return count > 1 ? `result ${i}` : "its result";
}

function partOf(what: string, tensor: Tensor): Part {
  return { what, shape: tensor.shape, floats: floatsOf(tensor) };
}

/** What is wrong with what an op made of what it was given; null when nothing is. */
function faultOf(made: readonly Part[], given: readonly Part[]): string | null {
  const broken = made.find(({ floats }) => !allFinite(floats));
  if (!broken) return null;
  const source =
    given.find(({ floats }) => floats.some(Number.isNaN)) ?? given.find(({ floats }) => !allFinite(floats));
  const hasNaN = made.find(({ floats }) => floats.some(Number.isNaN));
  if (!hasNaN && source) return null; // an infinity that was given, such as a mask's
  const result = placeOf(hasNaN ?? broken);
  return source ? `${result}, from ${placeOf(source)}` : `${result}, from finite ones`;
}

/** `NaN at 3 of input 1 [4, 5]` */
function placeOf({ what, shape, floats }: Part): string {
  const isWorst = floats.some(Number.isNaN) ? Number.isNaN : (value: number): boolean => !Number.isFinite(value);
  const at = floats.findIndex(isWorst);
  return `${floats[at]} at ${at} of ${what} ${formatShape(shape)}`;
}

/** Whether all of some floats are finite, looking at each only where their squares, which a kernel sums, are too large. */
export function allFinite(floats: FloatArray): boolean {
  return Number.isFinite(kernels.sumOfSquares(floats)) || floats.every(Number.isFinite);
}
