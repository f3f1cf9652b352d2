import { show } from "../../../show.js";
import { type SettingName, type Settings, settingsByName } from "../settings.js";
import { MODEL_NAMES } from "./modelConfig.js";
import type { Translator } from "./translator.js";

/** How much is left out in training, which says nothing of a model's weights. */
const RATES = ["dropout", "embeddingDropout", "outputDropout", "contextDropout", "wordDropout"] as const;
const isNullable = (name: SettingName): boolean => settingsByName[name].initial === null;

/**
 * Settings for a run that begins with the weights and vocabularies of a model: what that model has settled, and the rest
 * as given. Its rates of dropout may be given anew. Throws `Error` on what is given in contradiction to the model, calling a setting
 * what `nameOf` says.
 */
export function withSettled(
  given: Partial<Settings>,
  from?: Translator,
  nameOf = (name: SettingName): string => name,
): Partial<Settings> {
  if (!from) return given;
  const settled = settledBy(from);
  for (const name of Object.keys(settled) as SettingName[]) {
    if ((given[name] ?? null) === null || given[name] === settled[name]) continue;
    const [own, other] = [settled[name], given[name]].map(show);
    throw new Error(`train: expected ${nameOf(name)} ${own}, as the model to begin with has it, got ${other}`);
  }
  for (const name of ["minFrequency", "maxVocabulary", "initScale"] as const) {
    if (given[name] === undefined) continue;
    const why = `as the model to begin with has its ${name === "initScale" ? "weights" : "vocabularies"}`;
    throw new Error(`train: expected no ${nameOf(name)}, ${why}, got ${show(given[name])}`);
  }
  for (const name of ["sourceEmbeddings", "targetEmbeddings"] as const) {
    if ((given[name] ?? null) === null) continue;
    throw new Error(
      `train: expected no ${nameOf(name)}, as the model to begin with has its own, got ${show(given[name])}`,
    );
  }
  const { config } = from.model;
  // Rates that follow `dropout` follow one that is given.
  const kept = RATES.filter((name) => given[name] === undefined && (given.dropout === undefined || !isNullable(name)));
  return { ...given, ...settled, ...Object.fromEntries(kept.map((name) => [name, config[name]])) };
}

function settledBy({ model, source, target, reverseSource }: Translator): Partial<Settings> {
  const config = source.tokenizer.toJSON();
  const { kind: tokenizer, lowercase } = config.kind === "bpe" ? config.words : config;
  const subwords = config.kind === "bpe" ? config.merges.length : null;
  const jointSubwords = subwords !== null && source.vocabulary.equals(target.vocabulary);
  const names = MODEL_NAMES.filter((name) => !RATES.some((rate) => rate === name));
  const ofModel = Object.fromEntries(names.map((name) => [name, model.config[name]]));
  return { tokenizer, lowercase, subwords, jointSubwords, reverseSource, ...ofModel };
}
