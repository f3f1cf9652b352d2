import { type Box, largest, lineFromTo, type Point, textAt } from "./svg.js";

/** From the least to the greatest number that an axis shows. */
export type Range = readonly [low: number, high: number];

/** Where numbers stand in a box, and the grid with its numbers. */
export interface Axes {
  readonly place: (x: number, y: number) => Point;
  readonly parts: readonly string[];
}

/** How y grows upwards, and what stands below instead of round numbers. */
export interface AxesOptions {
  /** "log": equally far for equal factors, for numbers above 0. Default "linear". */
  readonly yScale?: Scale;
  /** Default: whole numbers, as x counts something. */
  readonly xTicks?: readonly (readonly [x: number, label: string])[];
}

export type Scale = "linear" | "log";

/** Horizontal lines with their numbers at the left, and numbers or labels below the box. */
export function axes(box: Box, xRange: Range, yRange: Range, { yScale = "linear", xTicks }: AxesOptions = {}): Axes {
  const { left, right, top, bottom } = box;
  const along = (value: number, [low, high]: Range): number => (high > low ? (value - low) / (high - low) : 0.5);
  const scaled = (y: number): number => (yScale === "log" ? Math.log10(y) : y);
  const scaledRange: Range = [scaled(yRange[0]), scaled(yRange[1])];
  const place = (x: number, y: number): Point => [
    left + along(x, xRange) * (right - left),
    bottom - along(scaled(y), scaledRange) * (bottom - top),
  ];
  const rows = yTicks(yRange, yScale).flatMap((value) => {
    const [, y] = place(0, value);
    return [
      lineFromTo([left, y], [right, y], "grid"),
      textAt([left - 8, y + 4], format(value), { kind: "soft", anchor: "end" }),
    ];
  });
  const whole = (): [number, string][] =>
    ticks(xRange, 8)
      .filter(Number.isInteger)
      .map((value) => [value, format(value)]);
  const columns = (xTicks ?? whole()).map(([x, label]) =>
    textAt([place(x, yRange[0])[0], bottom + 18], label, { kind: "soft", anchor: "middle" }),
  );
  return { place, parts: [...rows, ...columns] };
}

/** The pixels to the left of the box that its numbers need. */
export function roomForNumbers(yRange: Range, yScale?: Scale): number {
  // Digits of the soft 12-pixel letters take about 7 pixels, points and commas half of that.
  const widthOf = (label: string): number => 7 * label.length - 3.5 * (label.match(/[.,]/g)?.length ?? 0);
  return largest(yTicks(yRange, yScale).map((value) => widthOf(format(value)))) + 8;
}

function yTicks(yRange: Range, yScale: Scale = "linear"): number[] {
  return yScale === "log" ? logTicks(yRange, 5) : ticks(yRange, 5);
}

/**
 * Round numbers, 1, 2 or 5 times a power of ten apart, that lie in a range: at most `most` and one more.
 *
 * @example
 * ticks([0, 7.3], 5); // [0, 2, 4, 6]
 */
export function ticks([low, high]: Range, most: number): number[] {
  if (!(high > low)) return [low];
  const [factor, exponent] = niceStep((high - low) / most);
  const apart = factor * 10 ** exponent;
  const first = Math.ceil(low / apart - 1e-9);
  const last = Math.floor(high / apart + 1e-9);
  // 3 · 0.1 is not 0.3, but 3e-1 is: whatever the distance of the ticks, they have no digits beyond it.
  const found = Array.from({ length: last - first + 1 }, (_, i) => power(exponent, (first + i) * factor));
  return [...new Set(found)]; // there may be no floats between them
}

/**
 * The least of 1, 2, 5 times a power of ten that is no less than a number above 0, as factor and exponent; the powers below
 * 1e-300 are inexact.
 */
function niceStep(least: number): [factor: number, exponent: number] {
  const exponent = Math.floor(Math.log10(Math.max(least, 1e-300)));
  return [[1, 2, 5, 10].find((factor) => factor * 10 ** exponent >= least * (1 - 1e-9)) ?? 10, exponent];
}

/**
 * The range that shows all of these numbers, widened to round ones; from 0 where that wastes less than half of it.
 * Without any number it is [0, 1].
 */
export function rangeOf(values: Iterable<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high || (low === 0 && high === 0)) return [0, 1];
  if (high - low <= 1e-12 * Math.max(-low, high)) return [Math.min(0, 2 * low), Math.max(0, 2 * high)];
  if (low > 0 && low <= high / 2) low = 0;
  const [factor, exponent] = niceStep((high - low) / 5);
  const apart = factor * 10 ** exponent;
  // The last two digits of a product may be wrong: no number may end up outside for it.
  const [floor, ceil] = [Math.floor(low / apart + 1e-9) * apart, Math.ceil(high / apart - 1e-9) * apart];
  return [Math.min(low, floor), Math.max(high, ceil)];
}

/** The range that shows all of these numbers above 0 on a logarithmic axis: from one power of ten to another. */
export function logRangeOf(values: Iterable<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0.1, 1];
  // What the least and the greatest floats leave of powers of ten.
  const floor = Math.max(Math.floor(Math.log10(low)), -307);
  const ceil = Math.min(Math.max(Math.ceil(Math.log10(high)), floor + 1), 308);
  return [Math.min(power(floor), low), Math.max(power(ceil), high)];
}

/** Powers of ten that lie in a range, each or every second, third, … from 1: at most `most` and one more. */
export function logTicks([low, high]: Range, most: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const apart = Math.max(Math.ceil((last - first) / most), 1);
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return exponents.filter((exponent) => exponent % apart === 0).map((exponent) => power(exponent));
}

/** 10 ** -5 is not 1e-5. */
function power(exponent: number, factor = 1): number {
  return Number(`${factor}e${exponent}`);
}

/** All digits of a tick, which has no more than it needs: 12000 → "12,000", 1000001 → "1,000,001", 0.0000001 → "1e-7" */
export function format(tick: number): string {
  const size = Math.abs(tick);
  return size === 0 || (size >= 1e-4 && size < 1e9)
    ? tick.toLocaleString("en", { maximumFractionDigits: 20 })
    : tick.toExponential();
}
