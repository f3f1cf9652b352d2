import { asObject } from "../../options.js";
import { show } from "../../show.js";
import { settingsToJSON } from "./resolveSettings.js";
import { type ModelSettings, SETTINGS, type SettingName, type Settings, settingsByName } from "./settings.js";
import { hasSetting } from "./settingsOfTask.js";

/** The command's option for a setting: `numLayers` is `layers`, `batchSize` is `batch-size`. */
export function optionName(name: SettingName): string {
  return settingsByName[name].option ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Settings by the names of the command's options, as `train --config` reads them: what a model folder keeps of the run that
 * made it. What is null is left out, as an option that was not given; so is the size of a corpus that was not drawn from.
 */
export function settingsFile(settings: Settings): string {
  const isLeftOut = (name: string, value: unknown): boolean =>
    value === null || !hasSetting(settings.task, name as SettingName) || (name === "size" && settings.level === null);
  const all = Object.entries(settingsToJSON(settings)).filter(([name, value]) => !isLeftOut(name, value));
  const options = all.map(([name, value]) => [optionName(name as SettingName), value]);
  return `${JSON.stringify(Object.fromEntries(options), null, 2)}\n`;
}

/**
 * Options of `trainTranslator` from those of the command, by its names: a preset's `options`, or what {@link settingsFile}
 * wrote. Throws `TypeError` on a name that is not a setting's; values are checked where they are used.
 *
 * @example
 * const { options } = JSON.parse(readFileSync("presets/multi30k-attention.json", "utf8"));
 * await trainTranslator({ ...trainOptions(options), train, valid, folder: "my-model" });
 */
export function trainOptions(options: object) {
  const names = new Map((Object.keys(settingsByName) as SettingName[]).map((name) => [optionName(name), name]));
  const settings = Object.entries(asObject("trainOptions", "an object", options)).map(([option, value]) => {
    const name = names.get(option);
    if (name === undefined)
      throw new TypeError(`trainOptions: expected settings by the command's names, got ${show(option)}`);
    return [name, value === "Infinity" ? Number.POSITIVE_INFINITY : value];
  });
  return withModelApart(Object.fromEntries(settings));
}

/** Settings as `trainTranslator` and others for one task take them: those of the model apart, and none that names the task. */
export function withModelApart({ task: _, ...settings }: Partial<Settings>) {
  const isOfModel = ([name]: [string, unknown]): boolean => Object.hasOwn(SETTINGS.model, name);
  const all = Object.entries(settings);
  return {
    ...(Object.fromEntries(all.filter((entry) => !isOfModel(entry))) as Partial<
      Omit<Settings, "task" | keyof ModelSettings>
    >),
    model: Object.fromEntries(all.filter(isOfModel)) as Partial<ModelSettings>,
  };
}
