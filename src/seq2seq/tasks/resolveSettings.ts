import { asObject, checkOption, checkOptions, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import { defaultSettings, fill, type SettingName, type Settings, settingNames, settingsByName } from "./settings.js";
import { hasSetting, initialOf } from "./settingsOfTask.js";

/** A setting that a resumed run was given another value for than it had. */
export interface SettingChange {
  readonly name: SettingName;
  readonly from: Settings[SettingName];
  readonly to: Settings[SettingName];
}

/**
 * The settings of a run: those given and, for the others, those that a resumed run `began` with, or the defaults.
 * Throws `TypeError` on an unknown name, `RangeError` on a value out of range, and `Error` on one that a resumed run may not change, which it calls what
 * `nameOf` says.
 *
 * @example
 * resolveSettings({ lr: 0.01 }).settings.batchSize; // 64
 * resolveSettings({ epochs: 20 }, began).changed; // [{ name: "epochs", from: 10, to: 20 }]
 */
export function resolveSettings(
  given: Partial<Settings>,
  began?: Settings,
  nameOf = (name: SettingName): string => name,
): { readonly settings: Settings; readonly changed: readonly SettingChange[] } {
  checkOptions("train", settingsByName as OptionTable<Settings>, given);
  const task = given.task ?? began?.task ?? defaultSettings.task;
  const initial = began ?? { ...defaultSettings, ...initialOf(task) };
  const settings = fill<Settings>((name) => (given[name] === undefined ? initial[name] : given[name]));
  const isForeign = (name: SettingName): boolean =>
    given[name] !== undefined && given[name] !== defaultSettings[name] && !hasSetting(task, name);
  const foreign = settingNames.find(isForeign);
  if (foreign) {
    const got = show(given[foreign]);
    throw new RangeError(`train: expected no ${nameOf(foreign)} with ${nameOf("task")} ${task}, got ${got}`);
  }
  const changed = began ? settingNames.filter((name) => settings[name] !== began[name]) : [];
  for (const name of changed) {
    if (settingsByName[name].mayChange) continue;
    const [from, to] = [began![name], settings[name]];
    const expected = from === null ? `no ${nameOf(name)}` : `${nameOf(name)} ${show(from)}`;
    throw new Error(`resume: expected ${expected}, which the run began with, got ${to === null ? "none" : show(to)}`);
  }
  return { settings, changed: changed.map((name) => ({ name, from: began![name], to: settings[name] })) };
}

/** Settings as a checkpoint keeps them: JSON has no infinity. */
export function settingsToJSON(settings: Settings): object {
  return fill<object>((name) => (settings[name] === Number.POSITIVE_INFINITY ? "Infinity" : settings[name]));
}

/**
 * The settings that {@link settingsToJSON} wrote; one that there was not yet has its default, which is what was done then.
 * Throws an error that begins with `where` on anything else.
 */
export function settingsFromJSON(json: unknown, where = "settings"): Settings {
  const given = asObject(where, "an object", json);
  return fill<Settings>((name) => {
    if (!Object.hasOwn(given, name)) return defaultSettings[name];
    const value = given[name] === "Infinity" ? Number.POSITIVE_INFINITY : given[name];
    checkOption(where, name, settingsByName[name], value);
    return value;
  });
}

/** Those of some options that are settings. */
export function settingsAmong(options: object): Partial<Settings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(settingsByName, name)));
}
