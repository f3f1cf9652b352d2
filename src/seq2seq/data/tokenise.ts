import { show } from "../../show.js";
import type { Tokenizer } from "../text/tokenizer.js";
import { EncodedPairs } from "./pairs.js";
import type { TextPair } from "./readPairs.js";

/** Where pairs of raw text come from: a list, or whatever gives them one by one, such as a file that is being read. */
export type TextPairs = Iterable<TextPair> | AsyncIterable<TextPair>;

/** Pairs of which every token has the number of its first appearance, before a vocabulary gives it its id. */
export interface TokenisedPairs {
  readonly pairs: EncodedPairs;
  /** The tokens of each side, by their numbers. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** Pairs between two reports of progress, after each of which timers, signals and a page's drawing get their turn. */
const STRETCH = 10_000;

export interface TokeniseOptions {
  /** Told each pair, and whether it is whole: has tokens on both sides. */
  onPair?(pair: TextPair, whole: boolean): void;
  /** Told every ten thousand pairs, and at the end, how many there are so far. */
  onProgress?(pairs: number): void;
}

/** Tokenises pairs as they come, keeping none of their texts. */
export async function tokenisePairs(
  texts: TextPairs,
  tokenizers: { readonly source: Tokenizer; readonly target: Tokenizer },
  { onPair, onProgress }: TokeniseOptions = {},
): Promise<TokenisedPairs> {
  const pairs = new EncodedPairs();
  const source = new TokenNumbers();
  const target = new TokenNumbers();
  checkPairs(texts);
  for await (const pair of texts) {
    checkPair(pair, pairs.length);
    const sourceNumbers = source.of(tokenizers.source.tokenize(pair.source));
    const targetNumbers = target.of(tokenizers.target.tokenize(pair.target));
    pairs.push(sourceNumbers, targetNumbers);
    onPair?.(pair, sourceNumbers.length > 0 && targetNumbers.length > 0);
    if (pairs.length % STRETCH > 0) continue;
    onProgress?.(pairs.length);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  onProgress?.(pairs.length);
  return { pairs, source: source.tokens, target: target.tokens };
}

/** Throws `TypeError` on what is nothing to go through, and on a text, whose characters would be taken for pairs. */
function checkPairs(texts: TextPairs): void {
  const isList =
    typeof texts === "object" && texts !== null && (Symbol.iterator in texts || Symbol.asyncIterator in texts);
  if (!isList)
    throw new TypeError(`pairs: expected pairs { source, target } in a list or one by one, got ${show(texts)}`);
}

function checkPair(pair: TextPair, index: number): void {
  if (typeof pair?.source === "string" && typeof pair.target === "string") return;
  throw new TypeError(`pairs: expected { source, target } with a text on either side, got ${show(pair)} at ${index}`);
}

/** Numbers tokens as they come, from 0. */
export class TokenNumbers {
  readonly tokens: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(tokens: readonly string[]): number[] {
    return tokens.map((token) => this.#numbers.get(token) ?? this.#add(token));
  }

  #add(token: string): number {
    // V8 cuts a long token out of its text as a view, which would keep the whole text: joining makes a copy.
    const copy = ` ${token}`.slice(1);
    this.#numbers.set(copy, this.tokens.length);
    return this.tokens.push(copy) - 1;
  }
}
