import { integer, type Option } from "../../options.js";

/** One setting of a training run: its default, which values it takes, and all that is said about it anywhere. */
export interface Setting<T> extends Option<T> {
  readonly initial: T;
  readonly help: string;
  /** The command's option, where it is not the setting's name in kebab-case. */
  readonly option?: string;
  /** What stands for the value in the command's help; a switch has none. */
  readonly value?: string;
  /** Whether a resumed run may be given another value than it began with. */
  readonly mayChange: boolean;
}

/** What a row of the table adds to its values. */
type Row = Pick<Setting<unknown>, "help" | "option" | "value"> & { readonly mayChange?: boolean };

export function setting<T>(option: Option<T>, { mayChange = false, ...row }: Row): Setting<T> {
  return { ...option, initial: option.initial as T, ...row, mayChange };
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
export function limit({ initial = Number.POSITIVE_INFINITY, expected, accepts }: Option<number>): Option<number> {
  return {
    initial,
    expected: `${expected}, or Infinity`,
    accepts: (value) => value === Number.POSITIVE_INFINITY || accepts(value),
  };
}

/** Something that need not be: `null` is none, and the default. */
export function orNull<T>({ expected, accepts }: Option<T>): Option<T | null> {
  return { initial: null, expected, accepts: (value) => value === null || accepts(value) };
}
