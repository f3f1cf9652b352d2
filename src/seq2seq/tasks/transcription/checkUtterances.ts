import { show } from "../../../show.js";
import type { Utterance } from "../../data/utterances.js";
import type { Tokenizer } from "../../text/tokenizer.js";
import { checkRecordings } from "./transcriber.js";

/** Throws `TypeError` unless these are utterances, `RangeError` where one has no sample or, for the tokeniser, no text. */
export function checkUtterances(what: string, utterances: unknown, tokenizer: Tokenizer): void {
  if (!Array.isArray(utterances)) throw new TypeError(`train: expected a list of ${what}s, got ${show(utterances)}`);
  if (utterances.length === 0) throw new RangeError(`train: expected at least one ${what}, got none`);
  checkRecordings(
    "train",
    utterances.map((utterance) => utterance?.sound),
  );
  for (const [i, { sound, text }] of (utterances as Utterance[]).entries()) {
    const fail = (expected: string, got: string): never => {
      throw new RangeError(`train: expected ${what}s with ${expected}, got ${got} at ${i}`);
    };
    if (typeof text !== "string")
      throw new TypeError(`train: expected ${what}s with a text, got ${show(text)} at ${i}`);
    if (tokenizer.tokenize(text).length === 0) fail("a text", show(text));
    if (!((sound.channels[0]?.length ?? 0) > 0)) fail("a sample", "none");
  }
}
