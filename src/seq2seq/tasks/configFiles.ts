import { parseJSON } from "../../json.js";
import { show } from "../../show.js";
import { numel } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { leastSize, type Sizes } from "../models/config.js";
import { type Language, tokenizerFromJSON, Vocabulary } from "../text/index.js";
import type { TaskName } from "./settings.js";

/** The version of the model folder's layout; raised when an older reader would misread it. */
const FORMAT = 1;

/** A model's config as the text of `config.json`; `about` tells a reader where it comes from. */
export function configToJSON(config: object, about: Readonly<Record<string, string>>): string {
  return toJSON({ format: FORMAT, ...about, ...config });
}

/** What one side of the text is made of, as the text of `source.json` or `target.json`. */
export function languageToJSON({ tokenizer, vocabulary }: Language): string {
  return toJSON({ tokenizer, vocabulary });
}

/** What {@link configToJSON} wrote, its model in the form that `isModel` knows. Throws `TypeError` on another format or model. */
export function parseConfig<M>(
  bytes: Uint8Array,
  isModel: (model: unknown) => model is M,
): { readonly model: M } & Readonly<Record<string, unknown>> {
  const config = parse(bytes) as Record<string, unknown>;
  if (!("format" in config)) throw new TypeError('expected an object with "format"');
  if (config.format !== FORMAT) {
    throw new TypeError(`expected format ${FORMAT}, got ${show(config.format)} (this version reads no other)`);
  }
  const { model, ...rest } = config;
  if (!isModel(model)) throw new TypeError(`expected a model's sizes, cell and options, got ${show({ model })}`);
  return { ...rest, model };
}

/** Throws `TypeError` unless a `config.json` is of a model for this task; those that name none translate. */
export function checkTask(bytes: Uint8Array, expected: TaskName): void {
  const { task = "translate" } = parse(bytes) as Record<string, unknown>;
  if (task !== expected) throw new TypeError(`expected the model of task ${expected}, got one of ${show(task)}`);
}

/** Reads what {@link languageToJSON} wrote. Throws `TypeError` on anything else. */
export function parseLanguage(bytes: Uint8Array): Language {
  const content = parse(bytes);
  if (!("tokenizer" in content) || !("vocabulary" in content)) {
    throw new TypeError('expected an object with "tokenizer" and "vocabulary"');
  }
  return { tokenizer: tokenizerFromJSON(content.tokenizer), vocabulary: Vocabulary.fromJSON(content.vocabulary) };
}

/**
 * Throws `RangeError` when a model of these sizes would be many times as large as the weights that there are
 * for it: a broken size could take all memory.
 */
export function checkSize(sizes: Sizes, weights: Readonly<Record<string, Tensor>>): void {
  const needed = leastSize(sizes);
  const present = Object.values(weights).reduce((total, { shape }) => total + numel(shape), 0);
  if (needed <= 100 * present + 1e6) return;
  throw new RangeError(`expected a model of about the ${present} numbers in model.safetensors, got one of ${needed}`);
}

function parse(bytes: Uint8Array): object {
  const content = parseJSON(bytes);
  if (typeof content !== "object" || content === null) throw new TypeError("expected an object");
  return content;
}

function toJSON(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
