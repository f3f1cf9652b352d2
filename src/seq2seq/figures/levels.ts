import { type Range, rangeOf } from "./axes.js";

/** Differences and sums of numbers up to here stay finite. */
const MOST = 1e300;

/** Whether this is a list of numbers, typed or not: a string or a missing one would go on as NaN. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  if (typeof value !== "object" || value === null) return false;
  const { length } = value as ArrayLike<unknown>;
  if (!Number.isSafeInteger(length)) return false;
  for (let i = 0; i < length; i++) if (typeof (value as ArrayLike<unknown>)[i] !== "number") return false;
  return true;
}

/** Whether a figure shows this number: what is not finite, or beyond ±1e300, is left out. */
export function isShown(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= MOST;
}

/** How far a number is on the way from the one without colour, 0, to the one with most, 1; one that is not shown has none. */
export function levelOf(value: number, [low, high]: Range): number {
  return isShown(value) ? Math.min(Math.max((value - low) / (high - low), 0), 1) : 0;
}

/** The least and the greatest number that is shown; more than one number, however few there are. */
export function extent(values: readonly ArrayLike<number>[]): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of values) {
    for (let j = 0; j < row.length; j++) {
      if (!isShown(row[j])) continue;
      low = Math.min(low, row[j]);
      high = Math.max(high, row[j]);
    }
  }
  return low < high ? [low, high] : rangeOf(low === high ? [low] : []);
}
