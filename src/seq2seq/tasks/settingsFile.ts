import { type SettingName, type Settings, settingsByName, settingsToJSON } from "./settings.js";

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
    value === null || (name === "size" && settings.level === null);
  const all = Object.entries(settingsToJSON(settings)).filter(([name, value]) => !isLeftOut(name, value));
  const options = all.map(([name, value]) => [optionName(name as SettingName), value]);
  return `${JSON.stringify(Object.fromEntries(options), null, 2)}\n`;
}
