import { checkOptions } from "../../options.js";
import { checkText, checkTexts } from "./checkText.js";
import { normalizeText, type TokenizerOptions, tokenizerOptions } from "./normalize.js";
import { cutPieces, type Piece } from "./pieces.js";
import type { Tokenizer, WordTokenizerConfig } from "./tokenizer.js";

/** The joiner: on a token's left or right end it says that no space stands on that side. */
export const JOINER = "￭";

// In the text itself the joiner and the escape sign are spelled with the escape sign, so a bare joiner is always ours.
const ESCAPE = "￮";
const NEEDS_ESCAPE = /[￭￮]/gu;
const ESCAPED = /￮([01])/gu;

/** How many stretches a tokeniser remembers, and how long they may be. */
const MOST_KNOWN = 2 ** 15;
const LONGEST_KNOWN = 40;

/**
 * Cuts a text into words, numbers and signs, and puts it together again exactly as it was, up to {@link normalizeText}.
 * A token carries the joiner "￭" (the convention of the OpenNMT tokeniser) on a side where no space stands. The mark goes
 * on the sign or the function word, so that a content word has one form wherever it stands.
 *
 * The rules are for languages with spaces and know the apostrophes of English and French; a script written without
 * spaces is better served by {@link CharacterTokenizer}.
 *
 * @example
 * const tokenizer = new WordTokenizer({ lowercase: true });
 * tokenizer.tokenize("L'arbre est-il grand ?"); // ["l'￭", "arbre", "est", "￭-￭", "il", "grand", "?"]
 * tokenizer.detokenize(["he", "does", "￭n't", "run", "￭."]); // "he doesn't run."
 */
export class WordTokenizer implements Tokenizer {
  readonly kind = "word";
  readonly #lowercase: boolean;
  /** Stretches that were cut before: most of a text is words that occur again and again. */
  readonly #known = new Map<string, readonly string[]>();

  constructor(options: TokenizerOptions = {}) {
    checkOptions("WordTokenizer", tokenizerOptions, options);
    this.#lowercase = options.lowercase ?? false;
  }

  /** The tokens of `text`; none of them is empty or contains white space. */
  tokenize(text: string): string[] {
    checkText("tokenize", text);
    const normal = normalizeText(text, { lowercase: this.#lowercase });
    const tokens: string[] = [];
    if (normal === "") return tokens;
    for (const stretch of normal.split(" ")) {
      for (const token of this.#cut(stretch)) tokens.push(token);
    }
    return tokens;
  }

  /** The tokens of a stretch without spaces; not to be written to. */
  #cut(stretch: string): readonly string[] {
    const known = this.#known.get(stretch);
    if (known) return known;
    if (stretch.length > LONGEST_KNOWN) return cutPieces(stretch).map(pieceToToken);
    // V8 cuts a longer word out of its text as a view, which would keep the text: joining makes a copy.
    const copy = ` ${stretch}`.slice(1);
    const tokens = cutPieces(copy).map(pieceToToken);
    if (this.#known.size === MOST_KNOWN) this.#known.clear();
    this.#known.set(copy, tokens);
    return tokens;
  }

  /**
   * The text of `tokens`. Any tokens will do: joiners that contradict each other glue, and joiners at the ends of the
   * text or standing alone leave no trace.
   */
  detokenize(tokens: readonly string[]): string {
    checkTexts("detokenize", "tokens", tokens);
    let text = "";
    let glued = true;
    for (const token of tokens) {
      const { body, joinsLeft, joinsRight } = takeApart(token);
      text += (glued || joinsLeft ? "" : " ") + body.replace(ESCAPED, (_, which) => (which === "1" ? JOINER : ESCAPE));
      glued = joinsRight;
    }
    return normalizeText(text);
  }

  /** The token with its joiners set otherwise: on its left changed, on its right, on both. */
  otherForms(token: string): string[] {
    const { body, joinsLeft, joinsRight } = takeApart(token);
    return [
      join(body, !joinsLeft, joinsRight),
      join(body, joinsLeft, !joinsRight),
      join(body, !joinsLeft, !joinsRight),
    ];
  }

  toJSON(): WordTokenizerConfig {
    return { kind: this.kind, lowercase: this.#lowercase };
  }
}

function pieceToToken({ text, joinsLeft, joinsRight }: Piece): string {
  const body = text.replace(NEEDS_ESCAPE, (sign) => ESCAPE + (sign === JOINER ? "1" : "0"));
  return join(body, joinsLeft, joinsRight);
}

function join(body: string, joinsLeft: boolean, joinsRight: boolean): string {
  return (joinsLeft ? JOINER : "") + body + (joinsRight ? JOINER : "");
}

/** The inverse of {@link join}. */
function takeApart(token: string): { body: string; joinsLeft: boolean; joinsRight: boolean } {
  const joinsLeft = token.startsWith(JOINER);
  const joinsRight = token.endsWith(JOINER);
  return { body: token.slice(joinsLeft ? 1 : 0, joinsRight ? -1 : undefined), joinsLeft, joinsRight };
}
