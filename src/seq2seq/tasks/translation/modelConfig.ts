import type { ModelOptions, Seq2SeqConfig } from "../../models/config.js";
import { chosen } from "../modelSettings.js";
import { type ModelSettings, SETTINGS } from "../settings.js";
import { hasSetting } from "../settingsOfTask.js";

/** The settings that say how a model is built, by their names in its config; `reverseSource` is the translator's. */
export const MODEL_NAMES = (Object.keys(SETTINGS.model) as (keyof ModelSettings)[]).filter(
  (name): name is keyof ModelOptions | "hiddenSize" => name !== "reverseSource" && hasSetting("translate", name),
);

/** The config of the model that settings ask for; what is null is left to the model. */
export function modelConfig(settings: Readonly<ModelSettings>): ModelOptions & Pick<Seq2SeqConfig, "hiddenSize"> {
  return chosen(settings, MODEL_NAMES);
}
