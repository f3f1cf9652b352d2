import type { Module } from "../../nn/module.js";
import { checkOptions, flag } from "../../options.js";
import { showName } from "../../show.js";
import { Generator, generatorOption } from "../../tensor/random.js";
import { blaming } from "../files/blaming.js";
import { holds, isFolder } from "../files/disk.js";
import type { SafetensorsDtype } from "../files/dtypes.js";
import { checkFinite } from "../files/finite.js";
import { writeFiles } from "../files/folderStore.js";
import { checkReplaceable, outdated, WEIGHTS } from "../files/modelFolder.js";
import { readFiles } from "../files/readFiles.js";
import type { SafetensorsContent } from "../files/safetensors.js";
import { decodeSealed } from "../files/seal.js";
import { bytesOf, type Files } from "../files/store.js";
import { checkText } from "../text/checkText.js";
import type { Language } from "../text/index.js";
import { checkTask, parseLanguage } from "./configFiles.js";
import type { TaskName } from "./settings.js";

/** How a model is saved and loaded, whatever it does: a folder of `config.json`, `model.safetensors` and files of its own. */
export interface SaveOptions {
  /** Whether a model that is there may be replaced. Default false. */
  readonly overwrite?: boolean;
}

export interface LoadOptions {
  /** What dropout draws from should training go on; a fresh one unless given, so that loading disturbs no seeded program. */
  readonly generator?: Generator;
}

const SAVE_OPTIONS = { overwrite: flag() };
const LOAD_OPTIONS = { generator: generatorOption };

/**
 * Writes a model folder; at every moment a whole model is in place, the old one or the new. Throws `Error` when something
 * is there, unless it is to `overwrite` what holds a model and nothing else.
 */
export function saveModel(folder: string, files: () => Files, options: SaveOptions): void {
  checkText("save", folder);
  checkOptions("save", SAVE_OPTIONS, options);
  checkReplaceable("save", folder, options.overwrite ?? false, "overwrite replaces a model");
  const content = files();
  writeFiles(folder, content, outdated(content));
}

/** Reads these files of a model folder, and makes of them what `fromFiles` does. Throws `Error` naming folder and file. */
export function loadModel<T>(
  folder: string,
  names: readonly string[],
  options: LoadOptions,
  fromFiles: (files: Files, options: LoadOptions) => T,
): T {
  checkText("load", folder);
  checkOptions("load", LOAD_OPTIONS, options);
  const isThere = isFolder(folder);
  const files = isThere ? blaming("load: ", () => readFiles(folder, names)) : {};
  if (!Object.hasOwn(files, "config.json")) {
    const lack = isThere ? "has no config.json" : holds(folder) ? "is a file" : "does not exist";
    throw new Error(`load: expected a model folder, got ${folder}, which ${lack}`);
  }
  return blaming(`load: ${folder}/`, () => fromFiles(files, options));
}

/** The files of a model, one of which each error names. */
export class ModelFiles {
  readonly generator: Generator;
  readonly #files: Files;

  /** Throws `Error` unless they are those of a model for this task, and all of these names are there. */
  constructor(files: Files, task: TaskName, names: readonly string[], options: LoadOptions) {
    checkOptions("load", LOAD_OPTIONS, options);
    this.generator = options.generator ?? new Generator();
    this.#files = files;
    if (Object.hasOwn(files, "config.json")) this.read("config.json", (bytes) => checkTask(bytes, task));
    for (const name of names) this.#need(name);
  }

  /** What `parse` makes of a file. Throws `Error` where it is not there, or not what it should be. */
  read<T>(name: string, parse: (bytes: Uint8Array) => T): T {
    this.#need(name);
    return blaming(`${name}: `, () => parse(bytesOf(this.#files[name])));
  }

  /** What a file says of a text's tokens. Throws `Error` unless they are as many as the model knows. */
  readLanguage(name: string, size: number): Language {
    const language = this.read(name, parseLanguage);
    if (language.vocabulary.size === size) return language;
    throw new Error(`${name}: expected a vocabulary of ${size} tokens, got ${language.vocabulary.size}`);
  }

  /** The module that `build` makes, once it has seen that the weights are of such a one, with these weights, for use. */
  readModule<M extends Module>(build: (weights: SafetensorsContent["tensors"]) => M): M {
    const { tensors, dtypes } = decodeSealed(this.#files, WEIGHTS);
    const model = blaming("config.json: ", () => build(tensors));
    blaming(`${WEIGHTS}: `, () => {
      checkFloats(dtypes);
      checkFinite(tensors);
      model.loadStateDict(underAllNames(model, tensors));
    });
    return model.eval();
  }

  #need(name: string): void {
    if (!Object.hasOwn(this.#files, name)) {
      throw new Error(`${name}: expected a model's file of this name, got none`);
    }
  }
}

/** Throws `TypeError` on whole numbers: weights in 8 bits have lost their scales then. */
function checkFloats(dtypes: Readonly<Record<string, SafetensorsDtype>>): void {
  const [name, dtype] = Object.entries(dtypes).find(([, each]) => !each.includes("F")) ?? [];
  if (name !== undefined)
    throw new TypeError(`${showName(name)}: expected floats, or whole numbers with a scale a row, got ${dtype}`);
}

/**
 * A module's weights as a file keeps them: those with several names, as tied tables have, once, under the first.
 * (`save_model` of safetensors for PyTorch does the same, and its `load_model` reads this.) Throws `Error` on a number that is
 * not finite: what no reader takes is not written.
 */
export function weightsOf(module: Module): SafetensorsContent["tensors"] {
  const state = module.stateDict();
  const firstNames = new Map([...module.namedParameters()].toReversed().map(([name, own]) => [own, name]));
  const kept = Object.fromEntries(
    module.parameters().map((own) => [firstNames.get(own)!, state[firstNames.get(own)!]]),
  );
  blaming(`${WEIGHTS}: `, () => checkFinite(kept));
  return kept;
}

/** A file's weights under every name that they have in a module; any one may have been kept. */
function underAllNames(module: Module, tensors: SafetensorsContent["tensors"]): SafetensorsContent["tensors"] {
  const named = [...module.namedParameters()];
  const kept = named.filter(([name]) => Object.hasOwn(tensors, name));
  const values = new Map(kept.map(([name, parameter]) => [parameter, tensors[name]]));
  const others = named.filter(([name, parameter]) => !Object.hasOwn(tensors, name) && values.has(parameter));
  return { ...tensors, ...Object.fromEntries(others.map(([name, parameter]) => [name, values.get(parameter)!])) };
}
