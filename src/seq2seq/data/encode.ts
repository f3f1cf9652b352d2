import type { Generator } from "../../tensor/random.js";
import { type Language, tokenId } from "../text/index.js";
import { EncodedPairs, type Pairs } from "./pairs.js";
import type { TokenisedPairs } from "./tokenise.js";

/** Both languages of a translator. */
export interface Languages {
  readonly source: Language;
  readonly target: Language;
}

/** Pairs as ids, without those that cannot be trained on, which are counted. */
export interface PreparedPairs {
  readonly pairs: EncodedPairs;
  /** Pairs left out because either side is empty. */
  readonly empty: number;
  /** Pairs left out because either side has more than `maxLength` tokens. */
  readonly tooLong: number;
  /** The first of these: its line in the file, from 1, and the tokens of its longer side. */
  readonly firstTooLong: { readonly line: number; readonly tokens: number } | null;
  /** With BPE dropout: the same pairs, their words cut anew. An epoch reads what this returns in place of `pairs`. */
  resample?(generator: Generator): Pairs;
}

/** Pairs to judge by, with their texts in the form in which a model reads and writes them ({@link normalForm}). */
export interface JudgingPairs extends PreparedPairs {
  /** Where among the pairs read each one was, from 0. */
  readonly kept: readonly number[];
  sourceText(index: number): string;
  targetText(index: number): string;
}

/** Some of the pairs read, and what was left out of them. */
export interface Sifted extends Omit<PreparedPairs, "pairs" | "resample"> {
  /** Indices into the pairs read. */
  readonly kept: readonly number[];
}

/** Leaves out what is empty or over-long, of those pairs that are wanted. */
export function sift({ pairs }: TokenisedPairs, maxLength: number, isWanted = (_index: number) => true): Sifted {
  const kept: number[] = [];
  let empty = 0;
  let tooLong = 0;
  let firstTooLong: PreparedPairs["firstTooLong"] = null;
  for (let i = 0; i < pairs.length; i++) {
    if (!isWanted(i)) continue;
    const { source, target } = pairs.at(i);
    const tokens = Math.max(source.length, target.length);
    if (source.length === 0 || target.length === 0) empty++;
    else if (tokens <= maxLength) kept.push(i);
    else {
      tooLong++;
      firstTooLong ??= { line: i + 1, tokens };
    }
  }
  return { kept, empty, tooLong, firstTooLong };
}

/** How often each token of one side occurs in the pairs kept. */
export function countTokens(
  read: TokenisedPairs,
  kept: readonly number[],
  side: "source" | "target",
): (readonly [token: string, count: number])[] {
  const tokens = read[side];
  const counts = new Int32Array(tokens.length);
  for (const i of kept) for (const number of read.pairs.at(i)[side]) counts[number]++;
  return tokens.map((token, number) => [token, counts[number]] as const);
}

/** Counts of both sides as one. */
export function addCounts(...sides: readonly Iterable<readonly [token: string, count: number]>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const counts of sides) for (const [token, count] of counts) sum.set(token, (sum.get(token) ?? 0) + count);
  return sum;
}

/** Replaces the numbers of tokens by ids, in place. */
type Recode = (pair: { source: Int32Array; target: Int32Array }) => void;

/** What gives the tokens of pairs their ids in the languages. */
export function recoder(read: TokenisedPairs, languages: Languages, reverseSource: boolean): Recode {
  const sourceIds = Int32Array.from(read.source, (token) => tokenId(languages.source, token));
  const targetIds = Int32Array.from(read.target, (token) => tokenId(languages.target, token));
  return ({ source, target }) => {
    for (let t = 0; t < source.length; t++) source[t] = sourceIds[source[t]];
    for (let t = 0; t < target.length; t++) target[t] = targetIds[target[t]];
    if (reverseSource) source.reverse();
  };
}

/** Takes the pairs kept out of those read, with their texts as the tokenisers give them back. */
export function toJudge(
  read: TokenisedPairs,
  { kept, ...counts }: Sifted,
  languages: Languages,
  recode: Recode,
): JudgingPairs {
  const pairs = new EncodedPairs();
  const texts = { source: [] as string[], target: [] as string[] };
  for (const i of kept) {
    const { source, target } = read.pairs.at(i);
    texts.source.push(languages.source.tokenizer.detokenize(Array.from(source, (number) => read.source[number])));
    texts.target.push(languages.target.tokenizer.detokenize(Array.from(target, (number) => read.target[number])));
    recode({ source, target });
    pairs.push(source, target);
  }
  return { ...counts, kept, pairs, sourceText: (i) => texts.source[i], targetText: (i) => texts.target[i] };
}
