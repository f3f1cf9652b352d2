import { readdirSync, readFileSync } from "node:fs";
import { nearest } from "../nearest.js";
import { show } from "../show.js";
import { UsageError } from "./options.js";

/** Settings that were tuned on some data, by the names of `train`'s options, with what came of them. */
export interface Preset {
  readonly summary: string;
  /** The result and how it was measured; null of one that has not been measured yet. */
  readonly measured: string | null;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** Beside dist/ and src/, so that it is in the same place for both. */
const FOLDER = new URL("../../presets/", import.meta.url);
const ENDING = ".json";

/** All that there are, each of which is a file. */
export function presetNames(): string[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(ENDING));
  return files.map((name) => name.slice(0, -ENDING.length)).sort();
}

/** Throws `UsageError` on a name that is not among them. */
export function readPreset(name: string): Preset {
  const names = presetNames();
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    const guess = meant === null ? "" : `; did you mean ${meant}?`;
    throw new UsageError(`--preset: expected ${names.join(" or ")}, got ${show(name)}${guess}`);
  }
  return JSON.parse(readFileSync(new URL(name + ENDING, FOLDER), "utf8")) as Preset;
}

/** What `train --preset NAME --help` says. */
export function presetPage(name: string): string {
  const { summary, measured, options } = readPreset(name);
  return [
    `${name}: ${summary}\n`,
    `measured: ${measured ?? "not yet"}\n`,
    ...describeOptions(options).map((line) => `  ${line}`),
    "\noptions beside --preset go before these\n",
  ].join("\n");
}

/** Options as they are typed, in lines. */
export function describeOptions(options: Preset["options"], width = 100): string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (value === false) continue; // a switch that is off
    const typed = value === true ? `--${name}` : `--${name} ${value}`;
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + typed.length > width) lines.push(typed);
    else lines[lines.length - 1] = `${last} ${typed}`;
  }
  return lines;
}
