import { show } from "../../../show.js";
import { isModelConfig, type Seq2SeqConfig } from "../../models/config.js";
import { configToJSON, parseConfig } from "../configFiles.js";

/** What a translator's `config.json` holds besides its format. */
interface TranslatorConfig {
  readonly model: Seq2SeqConfig;
  readonly reverseSource: boolean;
  readonly maxLength: number;
}

/** A translator's config as the text of `config.json`; `about` tells a reader where it comes from. */
export function translatorToJSON(config: TranslatorConfig, about: Readonly<Record<string, string>>): string {
  // JSON has no infinity: a limit that is none is left out.
  const maxLength = Number.isFinite(config.maxLength) ? config.maxLength : undefined;
  return configToJSON({ ...config, maxLength }, about);
}

/** Reads what {@link translatorToJSON} wrote. Throws `TypeError` when it lacks what makes a translator. */
export function parseTranslator(bytes: Uint8Array): TranslatorConfig {
  const { model, ...rest } = parseConfig(bytes, isModelConfig);
  const { reverseSource, maxLength = Number.POSITIVE_INFINITY } = rest;
  const sound =
    typeof reverseSource === "boolean" &&
    (maxLength === Number.POSITIVE_INFINITY || (Number.isSafeInteger(maxLength) && Number(maxLength) >= 0));
  if (!sound) throw new TypeError(`expected a model's sizes, cell and options, got ${show({ model, ...rest })}`);
  return { model, reverseSource, maxLength: Number(maxLength) };
}
