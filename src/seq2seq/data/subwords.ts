import type { Generator } from "../../tensor/random.js";
import { Bpe, type Language, SubwordTokenizer, type Tokenizer, tokenId, UNK } from "../text/index.js";
import { addCounts, countTokens, type Languages } from "./encode.js";
import { EncodedPairs } from "./pairs.js";
import { type TokenisedPairs, TokenNumbers } from "./tokenise.js";

/** The BPE of either side, one and the same where it was learned jointly; null where words stay whole. */
export interface Bpes {
  readonly source: Bpe | null;
  readonly target: Bpe | null;
}

/** Learns the BPE of either side, or one of both, from the words of the pairs kept. */
export function learnBpes(words: TokenisedPairs, kept: readonly number[], merges: number, joint: boolean): Bpes {
  const counts = (side: "source" | "target") => countTokens(words, kept, side).filter(([, count]) => count > 0);
  if (!joint)
    return { source: Bpe.learn(counts("source"), { merges }), target: Bpe.learn(counts("target"), { merges }) };
  const both = Bpe.learn(addCounts(counts("source"), counts("target")), { merges });
  return { source: both, target: both };
}

/** What a tokeniser takes text apart with: into words and, if they do not stay whole, these into pieces. */
export function takeApart(tokenizer: Tokenizer): { readonly words: Tokenizer; readonly bpe: Bpe | null } {
  return tokenizer instanceof SubwordTokenizer ? tokenizer : { words: tokenizer, bpe: null };
}

/** Pairs of words as pairs of pieces. */
export function cutPairs(words: TokenisedPairs, bpes: Bpes): TokenisedPairs {
  if (!bpes.source && !bpes.target) return words;
  const source = cutSide(words.source, bpes.source);
  const target = cutSide(words.target, bpes.target);
  const pairs = new EncodedPairs();
  for (let i = 0; i < words.pairs.length; i++) {
    const pair = words.pairs.at(i);
    pairs.push(concatenated(pair.source, source.ofWord), concatenated(pair.target, target.ofWord));
  }
  return { pairs, source: source.tokens, target: target.tokens };
}

/** The pieces of one side's words: their tokens, and the numbers of each word's. */
function cutSide(words: readonly string[], bpe: Bpe | null) {
  const numbers = new TokenNumbers();
  const ofWord = words.map((word) => numbers.of(bpe ? bpe.cut(word) : [word]));
  return { tokens: numbers.tokens, ofWord };
}

function concatenated(words: Int32Array, ofWord: readonly (readonly number[])[]): number[] {
  const all: number[] = [];
  for (const word of words) for (const number of ofWord[word]) all.push(number);
  return all;
}

/** How often each piece may occur in the pairs kept while BPE dropout cuts their words: once in each word that holds it. */
export function countReachable(
  words: TokenisedPairs,
  kept: readonly number[],
  side: "source" | "target",
  bpe: Bpe,
): Map<string, number> {
  const counts = new Map<number, number>();
  for (const [word, count] of countTokens(words, kept, side)) {
    for (const piece of bpe.reachable(word)) counts.set(piece, (counts.get(piece) ?? 0) + count);
  }
  return new Map([...counts].map(([piece, count]) => [bpe.piece(piece), count]));
}

/**
 * What cuts the words of pairs anew each time, by BPE dropout. A cut with a piece that the vocabulary has not gives way
 * to the one without dropout: to train on unknown pieces of known words would be in vain.
 */
export function resampler(
  words: TokenisedPairs,
  languages: Languages,
  { dropout, reverseSource }: { readonly dropout: number; readonly reverseSource: boolean },
): (generator: Generator) => EncodedPairs {
  const cutSource = sideSampler(words.source, languages.source, dropout);
  const cutTarget = sideSampler(words.target, languages.target, dropout);
  return (generator) => {
    const sampled = new EncodedPairs();
    for (let i = 0; i < words.pairs.length; i++) {
      const pair = words.pairs.at(i);
      const source = cutSource(pair.source, generator);
      sampled.push(reverseSource ? source.reverse() : source, cutTarget(pair.target, generator));
    }
    return sampled;
  };
}

/** What turns the words of one side, given by their numbers, into the ids of pieces drawn. */
function sideSampler(words: readonly string[], language: Language, dropout: number) {
  const { bpe } = takeApart(language.tokenizer);
  const whole = words.map((word) => (bpe ? bpe.cut(word) : [word]).map((token) => tokenId(language, token)));
  if (!bpe) return (numbers: Int32Array) => concatenated(numbers, whole);
  const begun = words.map((word) => bpe.begin(word));
  const ids: number[] = [];
  const idOf = (piece: number): number => {
    ids[piece] ??= tokenId(language, bpe.piece(piece));
    return ids[piece];
  };
  return (numbers: Int32Array, generator: Generator): number[] => {
    const all: number[] = [];
    for (const word of numbers) {
      const drawn = bpe.merge(begun[word], { dropout, generator }).map(idOf);
      for (const id of drawn.includes(UNK) ? whole[word] : drawn) all.push(id);
    }
    return all;
  };
}
