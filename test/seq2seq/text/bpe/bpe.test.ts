import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupPieces, pieceText } from "../../../../src/seq2seq/text/bpe/pieces.js";
import { Bpe } from "../../../../src/seq2seq/text/index.js";
import { Generator } from "../../../../src/tensor/index.js";

const toy = new Bpe(["s t</w>", "e st</w>", "l o", "w est</w>", "lo w</w>", "lo w"]);

/** The plain twin: the merges one after the other, over strings. */
function cutSlowly(merges: readonly string[], word: string): string[] {
  let symbols = Array.from(word);
  symbols[symbols.length - 1] += "</w>";
  for (;;) {
    const ranks = symbols.slice(1).map((right, i) => merges.indexOf(`${symbols[i]} ${right}`));
    const first = Math.min(...ranks.map((rank) => (rank < 0 ? Number.POSITIVE_INFINITY : rank)));
    if (first === Number.POSITIVE_INFINITY) break;
    const after: string[] = [];
    for (let i = 0; i < symbols.length; i++) after.push(ranks[i] === first ? symbols[i] + symbols[++i] : symbols[i]);
    symbols = after;
  }
  return symbols.map((symbol, i) => (i === symbols.length - 1 ? symbol.slice(0, -4) : `${symbol}@@`));
}

const joined = (pieces: readonly string[]): string => pieces.map(pieceText).join("");

describe("cut", () => {
  test("makes the merges in the order in which they were learned", () => {
    expect(toy.cut("lowest")).toEqual(["lo@@", "west"]); // "w est</w>" comes before "lo w"
    expect(toy.cut("low")).toEqual(["low"]);
    expect(toy.cut("lows")).toEqual(["low@@", "s"]);
    expect(toy.cut("zo🙂")).toEqual(["z@@", "o@@", "🙂"]);
    expect(toy.cut("x")).toEqual(["x"]);
    expect(toy.cut("")).toEqual([]);
  });

  test("makes a merge from left to right, and one that was learned twice when it was learned first", () => {
    const bpe = new Bpe(["a a", "b b</w>", "x y", "a a"]);
    expect(bpe.cut("aaaac")).toEqual(["aa@@", "aa@@", "c"]);
    expect(bpe.cut("aaac")).toEqual(["aa@@", "a@@", "c"]);
    expect(bpe.cut("aaa")).toEqual(["aa@@", "a"]);
    expect(new Bpe(["a a", "a b</w>", "a a"]).cut("aab")).toEqual(["aa@@", "b"]);
  });

  test("gives what plain merging gives, of words seen and unseen", () => {
    const generator = new Generator(4);
    const word = () => Array.from({ length: 1 + generator.integer(9) }, () => "abcd"[generator.integer(4)]).join("");
    const bpe = Bpe.learn(
      Array.from({ length: 50 }, () => [word(), 1 + generator.integer(4)]),
      { merges: 60 },
    );
    for (let i = 0; i < 300; i++) {
      const each = word();
      expect(bpe.cut(each)).toEqual(cutSlowly(bpe.merges, each));
    }
  });

  test("leaves the end of a word that looks like the mark a piece of its own", () => {
    const bpe = new Bpe(["@ @</w>", "a @", "a@ @</w>", "@ @"]);
    expect(bpe.cut("a@@")).toEqual(["a@@@", "@"]);
    expect(bpe.cut("@@")).toEqual(["@@@", "@"]);
    expect(bpe.cut("a@")).toEqual(["a@@", "@"]);
  });

  test("loses nothing, with dropout or without", () => {
    const bpe = new Bpe(["@ @</w>", "@ @", "< /", "w ></w>", "w >", "</ w>", "a </w>", "a b</w>", "￭ @"]);
    const letters = fc.constantFrom("a", "b", "@", "<", "/", "w", ">", "￭", "é", "🙂", "\ud83d");
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1 }), fc.constantFrom(undefined, 0.3, 1), (word, dropout) => {
        const options = dropout === undefined ? undefined : { dropout, generator: new Generator(1) };
        const pieces = bpe.cut(word, options);
        expect(joined(pieces)).toBe(word);
        expect(groupPieces([...pieces, ...pieces])).toEqual([pieces, pieces]);
      }),
    );
  });
});

describe("dropout", () => {
  const cuts = (dropout: number, word = "lowest", seed = 1): string[] => {
    const generator = new Generator(seed);
    return Array.from({ length: 20_000 }, () => toy.cut(word, { dropout, generator }).join(" "));
  };

  test("of 0 leaves out nothing, of 1 every merge", () => {
    expect(new Set(cuts(0))).toEqual(new Set(["lo@@ west"]));
    expect(new Set(cuts(1))).toEqual(new Set(["l@@ o@@ w@@ e@@ s@@ t"]));
  });

  test("leaves out a merge, each time it could be made, with its probability", () => {
    // "ab": the only merge. "aab": "a a" comes first where it is kept; of "a b</w>" there is one chance more without it.
    const bpe = new Bpe(["a a", "a b</w>"]);
    const generator = new Generator(2);
    const share = (word: string, cut: string): number => {
      const all = Array.from({ length: 20_000 }, () => bpe.cut(word, { dropout: 0.3, generator }).join(" "));
      return all.filter((each) => each === cut).length / all.length;
    };
    expect(share("ab", "ab")).toBeCloseTo(0.7, 1.7);
    expect(share("aab", "aa@@ b")).toBeCloseTo(0.7, 1.7);
    expect(share("aab", "a@@ ab")).toBeCloseTo(0.3 * 0.7, 1.7);
    expect(share("aab", "a@@ a@@ b")).toBeCloseTo(0.3 * 0.3, 1.7);
  });

  test("is drawn from the generator alone", () => {
    expect(cuts(0.2)).toEqual(cuts(0.2));
    expect(cuts(0.2)).not.toEqual(cuts(0.2, "lowest", 2));
  });

  test("cuts into the pieces that can be reached, and all of them", () => {
    for (const word of ["lowest", "low", "lower", "xlow", "l", "@@"]) {
      const reached = new Set(cuts(0.5, word).flatMap((cut) => cut.split(" ")));
      expect(new Set(Array.from(toy.reachable(word), (piece) => toy.piece(piece)))).toEqual(reached);
    }
  });
});

test.each<[unknown, string]>([
  ["a b", 'Bpe: expected a list of merges, got "a b"'],
  [[1], "Bpe: expected merges that are strings, got 1 at 0"],
  [["a b", "ab"], 'Bpe: expected merges of two symbols with a space between, got "ab"'],
  [["a b c"], 'Bpe: expected merges of two symbols with a space between, got "a b c"'],
  [[" b"], 'Bpe: expected merges of two symbols with a space between, got " b"'],
])("refuses %j as merges", (merges, message) => {
  expect(() => new Bpe(merges as string[])).toThrow(new TypeError(message));
});

test.each(["", "a b"])("learns from no %j", (word) => {
  const message = `Bpe.learn: expected words without spaces, got ${JSON.stringify(word)}`;
  expect(() => Bpe.learn([[word, 2]], { merges: 1 })).toThrow(new TypeError(message));
});
