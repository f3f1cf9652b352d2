import { type SettingName, type Settings, settingsByName, type TaskName } from "../seq2seq/index.js";
import { optionName } from "../seq2seq/tasks/settingsFile.js";
import { initialOf } from "../seq2seq/tasks/settingsOfTask.js";
import type { Option, Options, Values } from "./options.js";

const NAMES = Object.keys(settingsByName) as SettingName[];

const TASKS = ["translate", "generate", "transcribe", "classify"] as const satisfies readonly TaskName[];

/**
 * The option that a setting is given by. Its default stands behind its help, where it is more than "off" or "none", with
 * those of the tasks that have another.
 */
export function settingOption<Name extends SettingName>(name: Name) {
  const { initial, help, value, accepts, expected, largest } = settingsByName[name];
  const isShown = initial !== null && initial !== false && initial !== Number.POSITIVE_INFINITY;
  const isText = typeof initial === "string" || (initial === null && accepts("a text"));
  const type = isText ? "string" : typeof initial === "boolean" ? "boolean" : "number";
  return {
    type: type as TypeOf<Name>,
    value,
    help: isShown ? `${help} (${[initial, ...othersOf(name)].join("; ")})` : help,
    ...{ accepts, expected, largest },
  } satisfies Option;
}

/** `character with --task generate`, of each task that begins with something else. */
function othersOf(name: SettingName): string[] {
  return TASKS.flatMap((task) => {
    const own = initialOf(task)[name];
    return own === undefined ? [] : [`${own} with --task ${task}`];
  });
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
