// Settings that are committed with what was measured with them.
import { readdirSync, readFileSync } from "node:fs";
import { seq2seq } from "seqgrad";
import { wrongCall } from "./call.mjs";

const FOLDER = new URL("../presets/", import.meta.url);

/** Settings of a preset, as `trainTranslator` and `trainTextGenerator` take them. */
export function readPreset(name) {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
  if (!names.includes(name)) wrongCall(`--preset: expected ${names.sort().join(" or ")}, got ${name}`);
  return seq2seq.trainOptions(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")).options);
}
