// What people type: texts into tokenisers, models and metrics.
import { seq2seq } from "../../../dist/index.js";
import { mutateText } from "../mutate.mjs";
import { Violation } from "./files.mjs";

let translator = null;

export const texts = {
  name: "texts",
  weight: 3,
  make(random, samples) {
    translator ??= seq2seq.Translator.fromFiles(
      Object.fromEntries(
        ["config.json", "source.json", "target.json", "model.safetensors"].map((name) => [
          name,
          samples[`translate/${name}`],
        ]),
      ),
    );
    // As UTF-16: a text may have half of a character.
    const text = mutateText(random, "The dog isn't here, today! Two birds\tsee 3 cars?").slice(0, 3000);
    return { "text.utf16": new Uint8Array(Uint16Array.from(text, (sign) => sign.charCodeAt(0)).buffer) };
  },
  run(files) {
    const units = new Uint16Array(Uint8Array.from(files["text.utf16"]).buffer);
    const text = Array.from(units, (unit) => String.fromCharCode(unit)).join("");
    for (const kind of [new seq2seq.WordTokenizer(), new seq2seq.SpaceTokenizer(), new seq2seq.CharacterTokenizer()]) {
      const tokens = kind.tokenize(text);
      const again = kind.tokenize(kind.detokenize(tokens));
      if (tokens.join("|") !== again.join("|")) throw new Violation(`${kind.kind}: a text that does not come back`);
    }
    const [answer] = translator.translate([text], { maxLength: 5, beam: 2 });
    if (typeof answer !== "string") throw new Violation("no translation");
    seq2seq.bleu([text, "a b"], [text, "a c"]);
    seq2seq.chrf([text], ["the dog"]);
    seq2seq.characterErrorRate([text], ["the dog"]);
  },
};
