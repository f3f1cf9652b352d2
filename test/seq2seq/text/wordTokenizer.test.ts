import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeText, WordTokenizer } from "../../../src/seq2seq/text/index.js";

const tokenizer = new WordTokenizer();

// Fragments that meet in real sentences and in hostile ones; joined with or without spaces.
const fragment = fc.constantFrom(
  ..."l' L’ qu' jusqu’ d' n't 's ’ll don't aujourd'hui O'Brien arbre élève Œuvre man 3.5 1,000 10h30 2nd".split(" "),
  ..."- -- – — ... … . , ; : ? ! \" « » “ ” ‘ ’ ' ( ) [ ] % € $ & / @ # _ * ~ ` ￭ ￮ ￮0 ￮1 ￭￭ <unk> <eos>".split(" "),
  ..."🙂 👩‍👩‍👧 𝔸 1️⃣ e\u0301 \u0301 \u0327 漢字 かな हिन्दी שָׁלוֹם عربي ǅ İ ß Σ ſ \u200b \u200d \ud83d \ude42".split(" "),
  ..."\u00a0 \u202f \u2003 \t \n \ufeff \u0000 \u0085".split(" "),
);
const realistic = fc
  .array(fc.tuple(fragment, fc.constantFrom("", " ")), { maxLength: 12 })
  .map((x) => x.flat().join(""));
const arbitrary = fc.string({ unit: "binary", maxLength: 40 });

describe("WordTokenizer", () => {
  test.each([
    ["A man's dog doesn't bark, does it?", "A man ￭'s dog does ￭n't bark ￭, does it ￭?"],
    ["They'd've said: I can't.", "They ￭'d ￭'ve said ￭: I ca ￭n't ￭."],
    ["a 3-year-old, 1,000.50 km", "a 3 ￭-￭ year ￭-￭ old ￭, 1,000.50 km"],
    ['He said "no (never)".', 'He said "￭ no (￭ never ￭) ￭" ￭.'],
    ['("Hello") --x ("?")', '(￭ "￭ Hello ￭" ￭) --￭ x ( ￭" ￭? ￭" ￭)'],
    ["1\u20e3 ?\u0301 \u261d\ufe0f!", "1\u20e3 ?\u0301 \u261d\ufe0f ￭!"],
    ["O'Brien's and/or rock'n'roll...", "O'Brien ￭'s and ￭/￭ or rock'n'roll ￭..."],
    ["L'arbre de l’été est-il grand ?", "L'￭ arbre de l’￭ été est ￭-￭ il grand ?"],
    ["Qu'est-ce qu'aujourd'hui, quelqu'un ?", "Qu'￭ est ￭-￭ ce qu'￭ aujourd'hui ￭, quelqu'un ?"],
    ["J't'aime jusqu'à 10h30 !", "J'￭ t'￭ aime jusqu'￭ à 10 ￭h ￭30 !"],
    ["d'«amour», « oui », l'\"art\"", "d'￭ «￭ amour ￭» ￭, « oui » ￭, l'￭ \"￭ art ￭\""],
    ["l' homme n' a pas 50 % ; $5 soit 4,50€", "l' homme n' a pas 50 % ; $￭ 5 soit 4,50 ￭€"],
    ["हिन्दी 漢字。", "हिन्दी 漢字 ￭。"],
    ["x￭y ￮", "x ￭￮1￭ y ￮0"],
    [" \u00a0 ", ""],
  ])("%s", (text, tokens) => {
    expect(tokenizer.tokenize(text).join(" ")).toBe(tokens);
    expect(tokenizer.detokenize(tokenizer.tokenize(text))).toBe(normalizeText(text));
  });

  test("treats no-break spaces as spaces", () => {
    expect(tokenizer.tokenize("Quoi\u202f?\u00a0«\u00a0Rien\u00a0»")).toEqual(["Quoi", "?", "«", "Rien", "»"]);
  });

  test("composes to NFC", () => {
    expect(tokenizer.tokenize("e\u0301te\u0301")).toEqual(["\u00e9t\u00e9"]);
  });

  test("folds case before cutting when asked", () => {
    const folding = new WordTokenizer({ lowercase: true });
    expect(folding.tokenize("L'ÉTÉ, DON'T")).toEqual(["l'￭", "été", "￭,", "do", "￭n't"]);
    expect(folding.detokenize(folding.tokenize("J\u030cA"))).toBe("\u01f0a");
  });

  test.each([false, true])("gives back every text, lowercase: %s", (lowercase) => {
    const each = new WordTokenizer({ lowercase });
    fc.assert(
      fc.property(fc.oneof(realistic, arbitrary), (text) => {
        const tokens = each.tokenize(text);
        expect(each.detokenize(tokens)).toBe(normalizeText(text, { lowercase }));
        for (const token of tokens) expect(token).toMatch(/^\S+$/u);
      }),
      { numRuns: 3000 },
    );
  });

  test("makes sane text of any tokens", () => {
    expect(tokenizer.detokenize(["￭,", "l'￭", "￭arbre", "<unk>", "￭", "est￭", "￭.￭"])).toBe(", l'arbre <unk>est.");
    expect(tokenizer.detokenize(["￮", "￮2", "￭￭", "", "a b"])).toBe("￮ ￮2 a b");
    const tokens = fc.array(
      fc.oneof(
        fragment,
        fragment.map((x) => `￭${x}`),
        fragment.map((x) => `${x}￭`),
      ),
    );
    fc.assert(
      fc.property(tokens, (list) => {
        const text = tokenizer.detokenize(list);
        expect(text).toBe(normalizeText(text));
      }),
    );
  });

  test("takes time in proportion to the text", () => {
    const sentence = "Deux hommes n'ont qu'un chien, c'est-à-dire \"Médor\" (3.5 ans) ; don't they?";
    const start = performance.now();
    for (let i = 0; i < 10_000; i++) tokenizer.tokenize(sentence);
    for (const unit of ["a", "'", "-", "1", "n'", "'n", "\u0301", "l'", "1.", "🙂"])
      tokenizer.tokenize(unit.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
