import { show } from "../../show.js";
import type { SettingName, Settings } from "./settings.js";
import type { Translator } from "./translator.js";

/**
 * Settings for a run that begins with the weights and vocabularies of a model: what that model has settled, and the rest
 * as given. Its dropout may be given anew. Throws `Error` on what is given in contradiction to the model, calling a setting
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
    if (given[name] === undefined || given[name] === settled[name]) continue;
    const [own, other] = [settled[name], given[name]].map(show);
    throw new Error(`train: expected ${nameOf(name)} ${own}, as the model to begin with has it, got ${other}`);
  }
  for (const name of ["minFrequency", "maxVocabulary"] as const) {
    if (given[name] === undefined) continue;
    const why = "as the model to begin with has its vocabularies";
    throw new Error(`train: expected no ${nameOf(name)}, ${why}, got ${show(given[name])}`);
  }
  return { ...given, ...settled, dropout: given.dropout ?? from.model.config.dropout };
}

function settledBy({ model, source, target, reverseSource }: Translator): Partial<Settings> {
  const config = source.tokenizer.toJSON();
  const { kind: tokenizer, lowercase } = config.kind === "bpe" ? config.words : config;
  const subwords = config.kind === "bpe" ? config.merges.length : null;
  const jointSubwords = subwords !== null && source.vocabulary.equals(target.vocabulary);
  const { cell = "gru", hiddenSize, numLayers = 1, bidirectional = false } = model.config;
  const { attention = "none", inputFeeding = false, conditional = false, contextInput = false } = model.config;
  return {
    ...{ tokenizer, lowercase, subwords, jointSubwords, reverseSource },
    ...{ cell, hiddenSize, numLayers, bidirectional, attention, inputFeeding, conditional, contextInput },
  };
}
