// Settings that are committed with what was measured with them.
import { readFileSync } from "node:fs";
import { seq2seq } from "seqgrad";

/** Settings of a preset, as `trainTranslator` and `trainTextGenerator` take them. */
export function readPreset(name) {
  const file = new URL(`../presets/${name}.json`, import.meta.url);
  return seq2seq.trainOptions(JSON.parse(readFileSync(file, "utf8")).options);
}
