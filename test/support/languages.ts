import type { Languages } from "../../src/seq2seq/data/encode.js";
import type { TextOptions } from "../../src/seq2seq/data/prepare.js";
import type { TextPair } from "../../src/seq2seq/data/readPairs.js";
import { CharacterTokenizer, type Language, Vocabulary, WordTokenizer } from "../../src/seq2seq/text/index.js";

/** Both languages of some pairs, all their words known unless they are too rare. */
export function languagesOf(
  pairs: readonly TextPair[],
  { tokenizer: kind, lowercase, minFrequency }: Pick<TextOptions, "tokenizer" | "lowercase" | "minFrequency"> = {},
): Languages {
  const learn = (texts: readonly string[]): Language => {
    const tokenizer = new (kind === "character" ? CharacterTokenizer : WordTokenizer)({ lowercase });
    return {
      tokenizer,
      vocabulary: Vocabulary.build(
        texts.map((text) => tokenizer.tokenize(text)),
        { minFrequency },
      ),
    };
  };
  return { source: learn(pairs.map(({ source }) => source)), target: learn(pairs.map(({ target }) => target)) };
}
