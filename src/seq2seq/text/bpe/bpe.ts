import { checkOptions, fraction, integer, type OptionTable } from "../../../options.js";
import { show } from "../../../show.js";
import { type Generator, generatorOption } from "../../../tensor/random.js";
import { checkText, checkTexts } from "../checkText.js";
import { learnMerges } from "./learn.js";
import { goesOn, markPiece } from "./pieces.js";
import { END, firstSymbols, sidesOf } from "./symbols.js";

/** How many words a `Bpe` remembers the pieces of, and how long they may be. */
const MOST_KNOWN = 2 ** 15;
const LONGEST_KNOWN = 40;

export interface BpeDropout {
  /** How likely each merge is to be left out, each time it could be made: from 0 (none) to 1 (characters). */
  readonly dropout: number;
  readonly generator: Generator;
}

const DROPOUT: OptionTable<BpeDropout> = { dropout: fraction(), generator: generatorOption };
const LEARN = { merges: integer(1) };

/**
 * Cuts words into pieces by byte pair encoding (Sennrich, Haddow and Birch, 2016): a word begins as its characters, and
 * the merge that was learned first is made first. A piece that does not end its word carries the mark `@@`. Merges and
 * pieces are those of the authors' program, subword-nmt, but for words that end in `@@` themselves, whose last character
 * stays apart so that nothing is guessed on the way back.
 *
 * @example
 * const bpe = Bpe.learn([["low", 5], ["lower", 2], ["newest", 6], ["widest", 3]], { merges: 4 });
 * bpe.merges; // ["s t</w>", "e st</w>", "l o", "w est</w>"]
 * bpe.cut("lowest"); // ["lo@@", "west"]
 */
export class Bpe {
  /** In the order learned, each two symbols with a space between; `</w>` ends a symbol that ends a word. */
  readonly merges: readonly string[];
  readonly #symbols: string[] = [];
  readonly #ids = new Map<string, number>();
  /** Symbols that merges know: ids below this. Those above are characters that came with the words. */
  readonly #size: number;
  /** The rank of each merge, by its symbols: left · size + right. */
  readonly #ranks = new Map<number, number>();
  /** What each merge makes. */
  readonly #merged: readonly number[];
  /** The length of the longest symbol. */
  readonly #longest: number;
  readonly #known = new Map<string, readonly string[]>();

  /** Throws `TypeError` unless each merge is two symbols with a space between. */
  constructor(merges: readonly string[]) {
    checkTexts("Bpe", "merges", merges);
    this.merges = [...merges];
    const sides = this.merges.map((merge) => sidesOf(merge).map((side) => this.#id(side)));
    this.#merged = this.merges.map((merge) => this.#id(sidesOf(merge).join("")));
    this.#size = this.#symbols.length;
    this.#longest = this.#symbols.reduce((longest, { length }) => Math.max(longest, length), 0);
    for (const [rank, [left, right]] of sides.entries()) {
      const key = left * this.#size + right;
      if (!this.#ranks.has(key)) this.#ranks.set(key, rank); // a pair that was learned twice has its first rank
    }
  }

  /**
   * The BPE of words, each with how often it occurs: up to `merges` merges, fewer when no pair of symbols is left that
   * occurs twice. Throws `TypeError` on a word that is empty or has a space in it.
   */
  static learn(words: Iterable<readonly [word: string, count: number]>, options: { readonly merges: number }): Bpe {
    checkOptions("Bpe.learn", LEARN, options);
    const counts = [...words];
    for (const [word] of counts) {
      checkText("Bpe.learn", word);
      if (word !== "" && !word.includes(" ")) continue;
      throw new TypeError(`Bpe.learn: expected words without spaces, got ${show(word)}`);
    }
    return new Bpe(learnMerges(counts, options.merges));
  }

  /**
   * The pieces of a word. With dropout (Provilkov, Emelianenko and Voita, "BPE-Dropout", 2020) another cut of it each
   * time: at every step each merge that could be made is left out with that probability.
   */
  cut(word: string, options?: BpeDropout): readonly string[] {
    checkText("Bpe.cut", word);
    if (options) {
      checkOptions("Bpe.cut", DROPOUT, options);
      return this.#pieces(word, options);
    }
    const known = this.#known.get(word);
    if (known) return known;
    const pieces = this.#pieces(word);
    if (word.length > LONGEST_KNOWN) return pieces;
    if (this.#known.size === MOST_KNOWN) this.#known.clear();
    this.#known.set(` ${word}`.slice(1), pieces); // a copy: V8's view of a text would keep the text
    return pieces;
  }

  #pieces(word: string, options?: BpeDropout): string[] {
    return Array.from(this.merge(this.begin(word), options), (piece) => this.piece(piece));
  }

  /**
   * A word as {@link merge} takes it: the numbers of its characters.
   * @internal
   */
  begin(word: string): readonly number[] {
    const symbols = word === "" ? [] : firstSymbols(word);
    if (goesOn(word)) symbols[symbols.length - 1] += " "; // which no merge knows, so that no piece takes its end for a mark
    return symbols.map((symbol) => this.#id(symbol));
  }

  /**
   * The numbers of a word's pieces, which {@link piece} spells. Each is twice a symbol's, and one more at the end of the
   * word.
   * @internal
   */
  merge(word: readonly number[], { dropout, generator }: Partial<BpeDropout> = {}): number[] {
    let symbols = [...word];
    const ranks: number[] = [];
    while (symbols.length > 1) {
      let first = Number.POSITIVE_INFINITY;
      for (let i = 1; i < symbols.length; i++) {
        let rank = this.#rank(symbols[i - 1], symbols[i]);
        if (rank >= 0 && dropout && generator && generator.random() < dropout) rank = -1;
        if (rank >= 0 && rank < first) first = rank;
        ranks[i - 1] = rank;
      }
      if (first === Number.POSITIVE_INFINITY) break;
      symbols = this.#merge(symbols, ranks, first);
    }
    const last = symbols.length - 1;
    return symbols.map((symbol, i) => 2 * symbol + (i === last ? 1 : 0));
  }

  /** Makes one merge wherever it is not left out, from left to right. */
  #merge(symbols: readonly number[], ranks: readonly number[], rank: number): number[] {
    const after: number[] = [];
    for (let i = 0; i < symbols.length; i++) {
      const isMerged = i + 1 < symbols.length && ranks[i] === rank;
      after.push(isMerged ? this.#merged[rank] : symbols[i]);
      if (isMerged) i++;
    }
    return after;
  }

  /**
   * The piece that has a number.
   * @internal
   */
  piece(number: number): string {
    const symbol = this.#symbols[number >> 1];
    const isLast = (number & 1) === 1;
    return markPiece(isLast ? symbol.slice(0, symbol.lastIndexOf(END)) : symbol, isLast);
  }

  /**
   * The numbers of all pieces that a word can be cut into while merges are left out: its characters, and whatever merges
   * make of some that stand side by side.
   * @internal
   */
  reachable(word: string): Set<number> {
    const begun = this.begin(word);
    const numbers = new Set<number>();
    for (const [start, symbol] of begun.entries()) {
      let text = "";
      for (let end = start; end < begun.length && text.length < this.#longest; end++) {
        text += this.#symbols[begun[end]];
        const id = end === start ? symbol : this.#ids.get(text);
        if (id !== undefined) numbers.add(2 * id + (end === begun.length - 1 ? 1 : 0));
      }
    }
    return numbers;
  }

  /** The rank of the merge of two symbols; -1 when there is none. */
  #rank(left: number, right: number): number {
    if (left >= this.#size || right >= this.#size) return -1;
    return this.#ranks.get(left * this.#size + right) ?? -1;
  }

  /** The number of a symbol, which is added where it is new. */
  #id(symbol: string): number {
    const known = this.#ids.get(symbol);
    if (known !== undefined) return known;
    const copy = ` ${symbol}`.slice(1);
    this.#ids.set(copy, this.#symbols.length);
    return this.#symbols.push(copy) - 1;
  }
}
