import type { Option } from "../../options.js";

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
