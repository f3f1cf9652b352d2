import { leastSize, type Sizes } from "../models/config.js";
import type { SettingName, Settings } from "./settings.js";

type Nullable<S> = { [K in keyof S]: null extends S[K] ? K : never }[keyof S];

/** These settings, where those that may be null are there only if they are not: what is left out is the model's to choose. */
export type Chosen<N extends SettingName> = Readonly<
  Omit<Pick<Settings, N>, Nullable<Pick<Settings, N>>> & {
    [K in Nullable<Pick<Settings, N>>]?: NonNullable<Settings[K]>;
  }
>;

/** Some of the settings, by their names in a model's config. */
export function chosen<N extends SettingName>(settings: Readonly<Pick<Settings, N>>, names: readonly N[]): Chosen<N> {
  const given = names.filter((name) => settings[name] !== null);
  const entries: object = Object.fromEntries(given.map((name) => [name, settings[name]]));
  return entries as Chosen<N>;
}

/**
 * Throws `RangeError` on a model of more than 2^31 numbers: a tensor has to fit into one array, and millions of layers would be
 * built one by one until memory ran out.
 */
export function checkModelSize(sizes: Sizes): void {
  const numbers = leastSize(sizes);
  if (numbers > 2 ** 31)
    throw new RangeError(`train: expected a model of at most 2^31 numbers, got ${numbers} or more`);
}
