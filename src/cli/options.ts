import { parseArgs } from "node:util";
import { parseJSON } from "../json.js";
import { nearest } from "../nearest.js";
import { expectedOf } from "../options.js";
import { show, showName } from "../show.js";
import { readInput } from "./inputs.js";

/** A wrong call: exit code 2. */
export class UsageError extends Error {}

/** One `--option`. */
export interface Option {
  readonly type: "string" | "boolean" | "number";
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
  /** Which of its type's values it takes (all unless given), and how to say so. */
  readonly accepts?: (value: unknown) => boolean;
  readonly expected?: string;
  readonly largest?: number;
  /** Whether it may be given several times; its value is then the list of all (a text, or a list of them, in a config file). */
  readonly many?: true;
}

export type Options = Readonly<Record<string, Option>>;

/** `--config`, of every command. */
export const configOption = {
  type: "string",
  value: "FILE",
  help: "JSON object whose keys are these options",
} as const satisfies Option;

/** The values given, by option name; what is absent was not given. */
export type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K]["many"] extends true ? readonly ValueOf<O[K]>[] : ValueOf<O[K]>;
};

type ValueOf<T extends Option> = T["type"] extends "number" ? number : T["type"] extends "boolean" ? boolean : string;

/** One command of the program. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** How it is called, without the program's name. */
  readonly usage: string;
  readonly summary: string;
  readonly options: O;
  readonly positionals: readonly string[];
  /** Whether more may follow. */
  readonly manyLast?: true;
  /** A call that works as it stands, and what it does. */
  readonly example: string;
  /** What `--help` says in the place of the help page, where it was asked beside these options; null: the page. */
  helpOn?(values: Readonly<Record<string, unknown>>): string | null;
  run(values: Values<O>, positionals: readonly string[]): Promise<void>;
}

/** Reads a command's arguments. Throws `UsageError` on an unknown option (naming the nearest) or a bad value. */
export function parse<O extends Options>(command: Command<O>, args: readonly string[]) {
  const known = { ...command.options, help: { type: "boolean", help: "" } } satisfies Options;
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { type }]) => [
        name,
        { type: type === "boolean" ? "boolean" : "string" } as const,
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      checkNoNull(command.name, token.value);
      positionals.push(token.value);
    }
    if (token.kind !== "option") continue;
    if (token.rawName === "-h") return { help: true, values: given as Values<O>, positionals };
    const hint = command.positionals.length > 0 ? `; usage: seqgrad ${command.name} ${command.usage}` : "";
    const shown = { given: showName(token.rawName), written: optionWritten, hint };
    checkKnown(command.name, token.name, Object.keys(known), shown);
    const isFlag = (known as Options)[token.name].type === "boolean";
    if (isFlag && token.value !== undefined)
      throw new UsageError(`${token.rawName}: expected no value, got ${show(token.value)}`);
    if (!isFlag && token.value === undefined) throw new UsageError(`${token.rawName}: expected a value, got none`);
    if (!isFlag && !token.inlineValue && token.value?.startsWith("--")) {
      // Who forgot the value would else write into a folder named after the next option.
      throw new UsageError(
        `${token.rawName}: expected a value, got ${showName(token.value)} (if you mean that: ${token.rawName}=…)`,
      );
    }
    const value = token.value ?? true;
    const isMany = (known as Options)[token.name].many;
    if (!isFlag && !isMany && Object.hasOwn(given, token.name)) {
      // The last alone would count, and who gave the first would not know.
      const both = [given[token.name], value].map(show).join(" and ");
      throw new UsageError(`${command.name}: ${token.rawName}: expected once, got ${both}`);
    }
    given[token.name] = isMany ? [...((given[token.name] as unknown[]) ?? []), value] : value;
  }
  if (given.help) return { help: true, values: given as Values<O>, positionals };
  if (positionals.length > command.positionals.length && !command.manyLast) {
    const extra = positionals[command.positionals.length];
    throw new UsageError(`${command.name}: expected ${command.usage}, got ${show(extra)} as well`);
  }
  const filled = positionals.includes("") ? positionals.indexOf("") : positionals.length;
  const missing = command.positionals[filled] ?? (positionals.includes("") ? command.positionals.at(-1) : undefined);
  if (missing) throw new UsageError(`${command.name}: expected ${missing}, got nothing`);
  const values = convertAll(command, given);
  // A bad value in the file is a fault also where the command line goes before it.
  const fromFile = typeof values.config === "string" ? readConfig(command, values.config) : {};
  return { help: false, values: { ...fromFile, ...values } as Values<O>, positionals };
}

/** A JSON file whose keys are the options' names; what stands on the command line goes before it. */
function readConfig<O extends Options>(command: Command<O>, file: string): Values<O> {
  const { bytes } = readInput(`${command.name}: --config`, file);
  const where = `--config: ${file}`;
  let config: unknown;
  try {
    config = parseJSON(bytes);
  } catch (error) {
    throw new UsageError(`${where}: ${(error as Error).message}`);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UsageError(`${where}: expected an object whose keys are option names, got ${show(config)}`);
  }
  // A file that names another file would be read for half of what it says.
  const known = Object.keys(command.options).filter((name) => name !== "config");
  for (const name of Object.keys(config)) checkKnown(where, name, known, { given: show(name), written: show });
  return convertAll(command, config as Record<string, unknown>, (name) => `${where}: ${show(name)}`);
}

/** As names of options are typed. */
const optionWritten = (name: string): string => `--${name}`;

/** How a message shows an option: one that was given, and one that may have been meant; else what it hints at. */
interface Shown {
  readonly given: string;
  readonly written: (name: string) => string;
  readonly hint?: string;
}

/** Throws `UsageError` on a name that is not among those known, with the nearest of them or else the hint. */
function checkKnown(where: string, name: string, known: readonly string[], { given, written, hint = "" }: Shown): void {
  if (known.includes(name)) return;
  const meant = nearest(name, known);
  throw new UsageError(
    `${where}: unknown option ${given}${meant === null ? hint : `; did you mean ${written(meant)}?`}`,
  );
}

/** Values of a command's options, as the command takes them. Throws `UsageError` on a bad one, called what `written` says. */
export function convertAll<O extends Options>(
  command: Command<O>,
  raw: Readonly<Record<string, unknown>>,
  written = optionWritten,
): Values<O> {
  const entries = Object.entries(raw).map(([name, value]) => [
    name,
    convert(written(name), command.options[name], value),
  ]);
  return Object.fromEntries(entries) as Values<O>;
}

function convert(name: string, option: Option, value: unknown): unknown {
  if (!option.many) return convertOne(name, option, value);
  const values = Array.isArray(value) && value.length > 0 ? value : [value];
  return values.map((one) => convertOne(name, option, one));
}

function convertOne(name: string, option: Option, value: unknown): unknown {
  const kinds = { boolean: "true or false", string: "a text", number: "a number" };
  const { type, expected = kinds[type], accepts = () => true, largest } = option;
  if (typeof value === "string") checkNoNull(name, value);
  const isNumeral = type === "number" && typeof value === "string" && value.trim() !== "";
  const converted = isNumeral ? Number(value) : value;
  // An empty text is what an unset variable of a shell leaves: taken for "not given", it would choose other data.
  const sound = typeof converted === type && converted !== "" && !Number.isNaN(converted) && accepts(converted);
  if (sound) return converted;
  throw new UsageError(`${name}: expected ${expectedOf({ expected, largest }, converted)}, got ${show(value)}`);
}

/** No argument of a process has a null character, but a settings file's may: no path and no text can. */
function checkNoNull(where: string, value: string): void {
  if (value.includes("\0"))
    throw new UsageError(`${where}: expected a text without null characters, got ${show(value)}`);
}

/** What the program's exit code says; a stop by Ctrl-C, SIGTERM or SIGHUP is no failure. */
export const exitCodes = "exit code: 0 done, 1 failed, 2 wrong usage";

/** The help page of a command. */
export function helpPage(command: Command): string {
  const rows = Object.entries(command.options).map(([name, { value, help }]) => [
    `--${name}${value ? ` ${value}` : ""}`,
    help,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length), 0) + 2;
  return [
    `${command.summary}\n`,
    `usage: seqgrad ${command.name} ${command.usage}\n`,
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
    `\nexample:\n${command.example}\n\n${exitCodes}\n`,
  ].join("\n");
}
