import { show } from "../../../show.js";
import { isModelConfig, type Seq2SeqConfig } from "../../models/config.js";
import { type Language, tokenizerFromJSON, Vocabulary } from "../../text/index.js";

/** The version of the model folder's layout; raised when an older reader would misread it. */
const FORMAT = 1;

/** What a translator's `config.json` holds besides its format. */
interface TranslatorConfig {
  readonly model: Seq2SeqConfig;
  readonly reverseSource: boolean;
  readonly maxLength: number;
}

/** A model's config as the text of `config.json`; `about` tells a reader where it comes from. */
export function configToJSON(config: TranslatorConfig, about: Readonly<Record<string, string>>): string {
  // JSON has no infinity: a limit that is none is left out.
  const maxLength = Number.isFinite(config.maxLength) ? config.maxLength : undefined;
  return toJSON({ format: FORMAT, ...about, ...config, maxLength });
}

/** One side's text handling as the text of `source.json` or `target.json`. */
export function languageToJSON({ tokenizer, vocabulary }: Language): string {
  return toJSON({ tokenizer, vocabulary });
}

/** Reads what `configToJSON` wrote. Throws `TypeError` when it is of another format, or lacks what makes a model. */
export function parseConfig(bytes: Uint8Array): TranslatorConfig {
  const config = parse(bytes);
  if (!("format" in config)) throw new TypeError('expected an object with "format"');
  if (config.format !== FORMAT) {
    throw new TypeError(`expected format ${FORMAT}, got ${show(config.format)} (this version reads no other)`);
  }
  const { model, ...rest } = config as Partial<Record<keyof TranslatorConfig, unknown>>;
  const { reverseSource, maxLength = Number.POSITIVE_INFINITY } = rest;
  const sound =
    isModelConfig(model) &&
    typeof reverseSource === "boolean" &&
    (maxLength === Number.POSITIVE_INFINITY || (Number.isSafeInteger(maxLength) && Number(maxLength) >= 0));
  if (!sound) {
    throw new TypeError(`expected a model's sizes, cell and options, got ${show({ model, ...rest })}`);
  }
  return { model, reverseSource, maxLength: Number(maxLength) };
}

/** Reads what `languageToJSON` wrote. Throws `TypeError` on anything else. */
export function parseLanguage(bytes: Uint8Array): Language {
  const content = parse(bytes);
  if (!("tokenizer" in content) || !("vocabulary" in content)) {
    throw new TypeError('expected an object with "tokenizer" and "vocabulary"');
  }
  return { tokenizer: tokenizerFromJSON(content.tokenizer), vocabulary: Vocabulary.fromJSON(content.vocabulary) };
}

function parse(bytes: Uint8Array): object {
  const content: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (typeof content !== "object" || content === null) throw new TypeError("expected an object");
  return content;
}

function toJSON(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
