import { nearest } from "./nearest.js";
import { show, showName } from "./show.js";

/** What an option, or a number in a saved state, may be. All of it survives JSON. */
export type OptionValue = number | boolean | string | null | readonly number[];

/** One row of a table of options: its default (none when undefined), which values it takes, and how to say so. */
export interface Option<T> {
  readonly initial: T | undefined;
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** The largest of the integers that it takes, where `expected` does not tell it. */
  readonly largest?: number;
}

/** A row for each option, also for those that may be left out. */
export type OptionTable<O> = { readonly [Name in keyof O]-?: Option<Exclude<O[Name], undefined>> };

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

/** A number from `least` to `most`, both included. */
export function between(least: number, most: number, initial?: number): Option<number> {
  const accepts = (value: unknown): boolean => isFiniteNumber(value) && value >= least && value <= most;
  return { initial, expected: `a number in [${least}, ${most}]`, accepts };
}

/** Two numbers from 0 to 1, 1 left out. */
export function pairBelowOne(initial: readonly [number, number]): Option<readonly [number, number]> {
  const accepts = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(inUnit);
  return { initial, expected: "two numbers in [0, 1)", accepts };
}

export function integer(least: number, initial?: number): Option<number> {
  const accepts = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= least;
  return { initial, expected: `an integer ≥ ${least}`, accepts, largest: Number.MAX_SAFE_INTEGER };
}

export function flag(initial?: boolean): Option<boolean> {
  return { initial, expected: "true or false", accepts: (value) => typeof value === "boolean" };
}

export function oneOf<const T extends string>(choices: readonly T[], initial?: T): Option<T> {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return { initial, expected, accepts: (value) => choices.some((choice) => choice === value) };
}

export function positive(initial?: number): Option<number> {
  const accepts = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
  return { initial, expected: "a finite number above 0", accepts };
}

export function integerUpTo(most: number, least: number, initial?: number): Option<number> {
  const { accepts } = integer(least);
  return {
    initial,
    expected: `an integer from ${least} to ${most}`,
    accepts: (value) => accepts(value) && (value as number) <= most,
  };
}

/** A limit that there need not be: `Infinity` is none, and the default unless the option has one. */
export function limit({
  initial = Number.POSITIVE_INFINITY,
  expected,
  accepts,
  largest,
}: Option<number>): Option<number> {
  return {
    ...{ initial, largest },
    expected: `${expected}, or Infinity`,
    accepts: (value) => value === Number.POSITIVE_INFINITY || accepts(value),
  };
}

/** Something that need not be: `null` is none, and the default. */
export function orNull<T>({ expected, accepts, largest }: Option<T>): Option<T | null> {
  return { initial: null, expected, accepts: (value) => value === null || accepts(value), largest };
}

/** Something that is looked at elsewhere. */
export function anything<T>(): Option<T> {
  return { initial: undefined, expected: "anything", accepts: () => true };
}

/** A string. */
export function text(): Option<string> {
  return { initial: undefined, expected: "a string", accepts: (value) => typeof value === "string" };
}

/** Something to call. */
export function callback<T>(): Option<T> {
  return { initial: undefined, expected: "a function", accepts: (value) => typeof value === "function" };
}

/**
 * Throws `TypeError` on what is no object of options and on an unknown name, with the nearest known one, and `RangeError`
 * on a value that an option does not take. What is undefined is taken for left out, which `needed` ones may not be.
 *
 * @example
 * checkOptions("Dropout", { inplace: flag() }, options);
 */
export function checkOptions<O extends object>(
  op: string,
  table: OptionTable<O>,
  given: unknown,
  needed: readonly (keyof O & string)[] = [],
): asserts given is O {
  const source = asObject(op, "an object of options", given);
  for (const name of Object.keys(source)) {
    if (source[name] === undefined) continue;
    if (!Object.hasOwn(table, name)) throw unknownOption(op, name, table, source);
    checkOption(op, name, table[name as keyof O], source[name]);
  }
  for (const name of needed) checkOption(op, name, table[name], source[name]);
}

function unknownOption(op: string, name: string, table: object, source: object): TypeError {
  // Not by a property of its own: JSON may hold one of that name.
  const kind = Object.getPrototypeOf(source)?.constructor?.name ?? "Object";
  if (kind !== "Object") return new TypeError(`${op}: expected an object of options, got ${kind}`);
  const names = Object.keys(table);
  const meant = nearest(name, names);
  const guess = meant === null ? "" : ` (did you mean ${meant}?)`;
  return new TypeError(`${op}: expected options among ${names.join(", ")}; got ${showName(name)}${guess}`);
}

/** The options given, and defaults for the rest. Throws as {@link checkOptions} does. */
export function readOptions<O extends object>(op: string, table: OptionTable<O>, given: unknown): O {
  checkOptions(op, table, given);
  return restoreOptions(op, table, { ...initials(table), ...defined(given) });
}

/** The same for saved values, none of which may be missing. */
export function restoreOptions<O extends object>(op: string, table: OptionTable<O>, saved: unknown): O {
  checkOptions(op, table, saved);
  const values = saved as Record<string, unknown>;
  for (const [name, option] of Object.entries<Option<unknown>>(table)) checkOption(op, name, option, values[name]);
  return structuredClone(values) as O;
}

function initials(table: object): object {
  return Object.fromEntries(
    Object.entries<Option<unknown>>(table as never).map(([name, { initial }]) => [name, initial]),
  );
}

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What an option takes, for who gave it `value`, which it does not take: one that is too large is told how large it may be. */
export function expectedOf(
  { expected, largest }: Pick<Option<unknown>, "expected" | "largest">,
  value: unknown,
): string {
  const isTooLarge = largest !== undefined && Number.isInteger(value) && (value as number) > largest;
  return isTooLarge ? `${expected} and at most ${largest}` : expected;
}

/** Throws `RangeError` unless the option takes the value. */
export function checkOption(op: string, name: string, option: Option<unknown>, value: unknown): void {
  if (!option.accepts(value)) {
    throw new RangeError(`${op}: expected ${name} to be ${expectedOf(option, value)}, got ${show(value)}`);
  }
}

/**
 * Throws `TypeError` unless `list` is a list of what `accepts` takes.
 *
 * @example
 * checkEach("mean", "scores", "numbers", [1, "2"], (score) => typeof score === "number"); // …that are numbers, got "2" at 1
 */
export function checkEach<T>(
  op: string,
  what: string,
  kind: string,
  list: unknown,
  accepts: (item: unknown) => item is T,
): asserts list is readonly T[] {
  if (!Array.isArray(list)) throw new TypeError(`${op}: expected a list of ${what}, got ${show(list)}`);
  const strange = list.findIndex((item) => !accepts(item));
  if (strange < 0) return;
  throw new TypeError(`${op}: expected ${what} that are ${kind}, got ${show(list[strange])} at ${strange}`);
}

/** Throws `TypeError` unless `state` was saved by the same class. */
export function checkKind(kind: string, state: { readonly kind: string }): void {
  const { kind: got } = asObject(`${kind}.loadStateDict`, "a state", state);
  if (got !== kind) throw new TypeError(`${kind}.loadStateDict: expected the state of ${kind}, got ${show(got)}`);
}

/** `value` as names with values; throws `TypeError` on anything else. */
export function asObject(op: string, what: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new TypeError(`${op}: expected ${what}, got ${show(value)}`);
}

/** Whether these are names with values. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
