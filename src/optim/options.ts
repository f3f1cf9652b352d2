import { show } from "../show.js";

/** What an option, or a number in a saved state, may be. All of it survives JSON. */
export type OptionValue = number | boolean | string | null | readonly number[];

/** One row of a table of options: its default (none when undefined), which values it takes, and how to say so. */
export interface Option<T> {
  readonly initial: T | undefined;
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

export type OptionTable<O> = { readonly [Name in keyof O]: Option<O[Name]> };

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
const inUnit = (value: unknown): boolean => isFiniteNumber(value) && value >= 0 && value < 1;

export function finite(initial?: number): Option<number> {
  return { initial, expected: "a finite number", accepts: isFiniteNumber };
}

export function nonNegative(initial?: number): Option<number> {
  return { initial, expected: "a finite number ≥ 0", accepts: (value) => isFiniteNumber(value) && value >= 0 };
}

/** A number from 0 to 1, both included. */
export function fraction(initial?: number): Option<number> {
  return { initial, expected: "a number in [0, 1]", accepts: (value) => value === 1 || inUnit(value) };
}

/** A number from 0 to 1, 1 left out. */
export function belowOne(initial?: number): Option<number> {
  return { initial, expected: "a number in [0, 1)", accepts: inUnit };
}

/** Two numbers from 0 to 1, 1 left out. */
export function pairBelowOne(initial: readonly [number, number]): Option<readonly [number, number]> {
  const accepts = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(inUnit);
  return { initial, expected: "two numbers in [0, 1)", accepts };
}

export function integer(least: number, initial?: number): Option<number> {
  const accepts = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= least;
  return { initial, expected: `an integer ≥ ${least}`, accepts };
}

export function flag(initial: boolean): Option<boolean> {
  return { initial, expected: "true or false", accepts: (value) => typeof value === "boolean" };
}

export function oneOf<const T extends string>(choices: readonly T[], initial: T): Option<T> {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return { initial, expected, accepts: (value) => choices.some((choice) => choice === value) };
}

/** The options given, and defaults for the rest. Throws `TypeError` on unknown names, `RangeError` on bad values. */
export function readOptions<O extends object>(op: string, table: OptionTable<O>, given: unknown): O {
  return read(op, table, given, true);
}

/** The same for saved values, none of which may be missing. */
export function restoreOptions<O extends object>(op: string, table: OptionTable<O>, saved: unknown): O {
  return read(op, table, saved, false);
}

function read<O extends object>(op: string, table: OptionTable<O>, given: unknown, useDefaults: boolean): O {
  const source = asObject(op, "an object of options", given);
  const unknown = Object.keys(source).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) {
    throw new TypeError(`${op}: expected options among ${Object.keys(table).join(", ")}, got ${unknown}`);
  }
  const values = Object.entries<Option<unknown>>(table).map(([name, option]) => {
    const value = source[name] === undefined && useDefaults ? option.initial : source[name];
    checkOption(op, name, option, value);
    return [name, value];
  });
  return structuredClone(Object.fromEntries(values)) as O;
}

/** Throws `RangeError` unless the option takes the value. */
export function checkOption(op: string, name: string, option: Option<unknown>, value: unknown): void {
  if (!option.accepts(value)) {
    throw new RangeError(`${op}: expected ${name} to be ${option.expected}, got ${show(value)}`);
  }
}

/** Throws `TypeError` unless `state` was saved by the same class. */
export function checkKind(kind: string, state: { readonly kind: string }): void {
  const { kind: got } = asObject(`${kind}.loadStateDict`, "a state", state);
  if (got !== kind) throw new TypeError(`${kind}.loadStateDict: expected the state of ${kind}, got ${show(got)}`);
}

/** `value` as names with values; throws `TypeError` on anything else. */
export function asObject(op: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`${op}: expected ${what}, got ${show(value)}`);
}
