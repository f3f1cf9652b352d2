import { type SettingName, type Settings, settingsByName } from "../seq2seq/index.js";
import { optionName } from "../seq2seq/tasks/settingsFile.js";
import type { Option, Options, Values } from "./options.js";

const NAMES = Object.keys(settingsByName) as SettingName[];

/** The option that a setting is given by. Its default stands behind its help, where it is more than "off" or "none". */
export function settingOption<Name extends SettingName>(name: Name) {
  const { initial, help, value, accepts, expected } = settingsByName[name];
  const isShown = initial !== null && initial !== false && initial !== Number.POSITIVE_INFINITY;
  const isText = typeof initial === "string" || (initial === null && accepts("a text"));
  const type = isText ? "string" : typeof initial === "boolean" ? "boolean" : "number";
  return {
    type: type as TypeOf<Name>,
    value,
    help: isShown ? `${help} (${initial})` : help,
    accepts,
    expected,
  } satisfies Option;
}

type TypeOf<Name extends SettingName> = Settings[Name] extends boolean
  ? "boolean"
  : Settings[Name] extends string | null
    ? "string"
    : "number";

/** The options of these settings, in their order. */
export function settingOptions(names: object): Options {
  return Object.fromEntries(
    (Object.keys(names) as SettingName[]).map((name) => [optionName(name), settingOption(name)]),
  );
}

/** The settings that were given as options, by the library's names. */
export function givenSettings(values: Values<Options>): Partial<Settings> {
  const given = NAMES.map((name) => [name, values[optionName(name)]]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
