import type { Translator } from "../seq2seq/index.js";

/** How many words are shown. */
const EXAMPLES = 5;

/** `3 words unknown to the model: xylophone, zorgles, smartphone`: what it makes of these is a guess. */
export function describeUnknown(found: readonly string[], { source }: Translator): string {
  const words = [...new Set(found)];
  const noun = `${source.tokenizer.kind}${words.length === 1 ? "" : "s"}`;
  const more = words.length > EXAMPLES ? ", …" : "";
  return `${words.length} ${noun} unknown to the model: ${words.slice(0, EXAMPLES).join(", ")}${more}`;
}
