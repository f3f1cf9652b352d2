import { beforeAll, describe, expect, test } from "vitest";
import type { TextOptions } from "../../../../src/seq2seq/data/prepare.js";
import type { Seq2SeqConfig } from "../../../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../../../src/seq2seq/models/seq2seq.js";
import { beamSearch } from "../../../../src/seq2seq/search/beam.js";
import type { ScoredText, TranslateOptions } from "../../../../src/seq2seq/tasks/translation/textTranslator.js";
import { Translator } from "../../../../src/seq2seq/tasks/translation/translator.js";
import { TranslatorEnsemble } from "../../../../src/seq2seq/tasks/translation/translatorEnsemble.js";
import { UNK } from "../../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../../src/tensor/index.js";
import { languagesOf } from "../../../support/languages.js";
import { learnBatch } from "../../../support/models.js";

const pairs = [
  { source: "The tree is tall.", target: "L'arbre est grand." },
  { source: "The cat is tall.", target: "Le chat est grand." },
  { source: "Is he there?", target: "Est-il là ?" },
  { source: "Is Peter there?", target: "Est Peter là ?" },
  { source: "He eats.", target: "Il mange." },
];
const sources = pairs.map(({ source }) => source);

interface Learned {
  readonly model?: Partial<Seq2SeqConfig>;
  readonly text?: TextOptions;
  readonly reverseSource?: boolean;
  readonly seed?: number;
  readonly steps?: number;
}

/** A translator that has seen the pairs some times. */
function learn({ model = {}, text = {}, reverseSource = false, seed = 1, steps = 100 }: Learned = {}): Translator {
  const languages = languagesOf(pairs, text);
  const sizes = { inputSize: languages.source.vocabulary.size, outputSize: languages.target.vocabulary.size };
  const options = { hiddenSize: 20, attention: "general", ...model } as const;
  const seq2seq = new Seq2Seq({ ...sizes, ...options }, { generator: new Generator(seed) });
  const translator = new Translator({ model: seq2seq, ...languages, reverseSource });
  const encoded = pairs.map(({ source, target }) => ({
    source: translator.encodeSource(source),
    target: translator.encodeTarget(target),
  }));
  learnBatch(seq2seq, encoded, steps, 0.02);
  return translator;
}

let translator: Translator;
/** Knows "est", "grand", "là" and signs alone. */
let ignorant: Translator;
let reversed: Translator;
let blind: Translator;
beforeAll(() => {
  translator = learn();
  ignorant = learn({ text: { minFrequency: 2 } });
  reversed = learn({ text: { minFrequency: 2 }, reverseSource: true });
  blind = learn({ model: { attention: "none" }, steps: 20 });
});

function largest(weights: readonly number[]): number {
  return weights.indexOf(Math.max(...weights));
}

describe("translateNBest", () => {
  test("says of each token which one of the source it looked at, in the text's order", () => {
    for (const own of [translator, reversed]) {
      const text = sources[3];
      const read = own.sourceTokens(text);
      expect(read).toEqual(["Is", "Peter", "there", "?"]);
      const options = { beam: 4, nBest: 4 };
      const [found] = beamSearch(own.model, [own.encodeSource(text)], options);
      own.translateNBest([text], options)[0].forEach((scored, k) => {
        const { ids, attention, isFinished } = found[k];
        expect(scored.tokens.join(" ")).toBe(Array.from(ids, (id) => own.decodeTarget([id])).join(" "));
        const places = attention!.map(largest).slice(0, ids.length);
        expect(scored.alignment).toEqual(places.map((s) => (own.reverseSource && s < 4 ? 3 - s : s)));
        expect(scored.isFinished).toBe(isFinished);
      });
    }
    expect(blind.translateNBest([sources[0]])[0][0].alignment).toBeNull();
  });

  test("says what the length limit cut off", () => {
    const [best] = translator.translateNBest([sources[0]], { beam: 3, maxLength: 2 });
    expect(best[0].isFinished).toBe(false);
    expect(translator.translateNBest([sources[0]], { beam: 3 })[0][0].isFinished).toBe(true);
  });
});

describe("replaceUnknown", () => {
  test("copies the word that was looked at most, the end of the sentence being none", () => {
    const early = [1, 2, 3].map((seed) => learn({ text: { minFrequency: 2 }, steps: 12, seed }));
    let [count, atEnd] = [0, 0];
    for (const own of [ignorant, reversed, ...early]) {
      const options = { beam: 3, nBest: 3, allowUnknown: true };
      const found = beamSearch(
        own.model,
        sources.map((text) => own.encodeSource(text)),
        options,
      );
      const scored = own.translateNBest(sources, { beam: 3, nBest: 3, replaceUnknown: true });
      found.forEach((hypotheses, i) => {
        const read = own.source.tokenizer.tokenize(sources[i]);
        hypotheses.forEach(({ ids, attention }, k) => {
          const tokens = ids.map((id, t) => {
            if (id !== UNK) return own.target.vocabulary.decode([id])[0];
            count++;
            if (largest(attention![t]) === read.length) atEnd++;
            const word = largest(attention![t].slice(0, -1));
            return own.reverseSource ? read[read.length - 1 - word] : read[word];
          });
          expect(scored[i][k].text).toBe(own.target.tokenizer.detokenize(tokens));
        });
      });
    }
    expect(count).toBeGreaterThan(20);
    expect(atEnd).toBeGreaterThan(0);
    const [plain, replaced] = [false, true].map((replaceUnknown) => ignorant.translate(sources, { replaceUnknown }));
    expect(replaced).not.toEqual(plain);
    expect([...plain, ...replaced].join()).not.toContain("<unk>");
  });

  test("looks a word up where there is a dictionary, and copies it where that has no entry", () => {
    const [copied] = ignorant.translate(["Is Peter there?"], { replaceUnknown: true });
    expect(copied).toContain("Peter");
    const dictionary = new Map([["Peter", "le petit Pierre"]]);
    const [looked] = ignorant.translate(["Is Peter there?"], { replaceUnknown: dictionary });
    expect(looked).toBe(copied.replaceAll("Peter", "le petit Pierre"));
    expect(ignorant.translate(["Is Peter there?"], { replaceUnknown: new Map([["x", "y"]]) })).toEqual([copied]);
    const [[{ tokens, alignment }]] = ignorant.translateNBest(["Is Peter there?"], { replaceUnknown: dictionary });
    expect(alignment).toHaveLength(tokens.length);
    expect(alignment!.slice(tokens.indexOf("le"), tokens.indexOf("Pierre") + 1)).toEqual([1, 1, 1]);
  });
});

describe("onStep", () => {
  const texts = ["", ...sources, " "];
  const options: readonly TranslateOptions[] = [
    { beam: 1 },
    { beam: 1, replaceUnknown: true, targetPrefixes: texts.map((_, i) => (i === 2 ? "Zorro est" : "")) },
    { beam: 3, coveragePenalty: 0.1 },
  ];

  test("tells token by token how far each text has come, and in the end what is found", () => {
    for (const own of options) {
      const told = texts.map((): ScoredText[] => []);
      const found = ignorant.translateNBest(texts, {
        ...own,
        onStep: (running) => {
          for (const { place, soFar } of running) told[place].push(soFar());
        },
      });
      expect(found).toEqual(ignorant.translateNBest(texts, own));
      expect(told.map((all) => all.slice(-1))).toEqual(found);
      if (own.beam !== 1) continue;
      for (const [i, [best]] of found.entries()) {
        told[i].forEach(({ tokens, alignment }, t) => {
          expect(tokens).toEqual(best.tokens.slice(0, t + 1));
          expect(alignment?.slice(0, tokens.length)).toEqual(best.alignment!.slice(0, tokens.length));
        });
        // A step for each token and one for the end of the sentence.
        expect(told[i]).toHaveLength(best === undefined ? 0 : best.tokens.length + Number(best.isFinished));
      }
    }
  });

  test("ends the search where it throws, which leaves the translator as it was", () => {
    let steps = 0;
    const stopping = () => {
      if (++steps === 2) throw new Error("enough");
    };
    const before = translator.translate(texts, { beam: 3 });
    expect(() => translator.translate(texts, { beam: 3, onStep: stopping })).toThrow("enough");
    expect(steps).toBe(2);
    expect(translator.translate(texts, { beam: 3 })).toEqual(before);
  });
});

describe("targetPrefixes", () => {
  test("begin the translations, whatever the model knows", () => {
    const texts = [sources[0], " ", sources[1], sources[4]];
    const targetPrefixes = ["Le chat", "Non", "", "Zorro l'"];
    for (const beam of [1, 3]) {
      const found = translator.translate(texts, { beam, targetPrefixes });
      expect(found[0]).toMatch(/^Le chat ./);
      expect(found[1]).toBe("");
      expect(found[2]).toBe(translator.translate([sources[1]], { beam })[0]);
      expect(found[3]).toMatch(/^Zorro l'/);
      const whole = sources.map((text) => translator.translate([text], { beam })[0]);
      expect(
        translator.translate(sources, { beam, targetPrefixes: whole.map((text) => text.slice(0, 4)) }),
      ).toHaveLength(5);
      expect(translator.translate(sources, { beam, targetPrefixes: whole })).toEqual(whole);
    }
  });
});

describe("translate", () => {
  test.each<TranslateOptions>([
    { noRepeatNgramSize: 1 },
    { coveragePenalty: 0.5 },
    { lengthPenalty: 0.5, lengthPenaltyOffset: 5 },
    { replaceUnknown: true },
  ])("is the best of translateNBest with %o", (options) => {
    for (const beam of [1, 4]) {
      const nBest = ignorant.translateNBest(sources, { ...options, beam });
      expect(ignorant.translate(sources, { ...options, beam })).toEqual(nBest.map(([{ text }]) => text));
    }
  });

  test.each<[TranslateOptions, Error]>([
    [{ targetPrefixes: ["a"] }, new RangeError("translate: expected 5 targetPrefixes, got 1")],
    [{ targetPrefixes: "abcde" as never }, new TypeError('translate: expected a list of targetPrefixes, got "abcde"')],
    [
      { replaceUnknown: {} as never },
      new RangeError("translate: expected replaceUnknown to be true, false or a Map, got {}"),
    ],
  ])("refuses %o", (options, error) => {
    expect(() => translator.translate(sources, options)).toThrow(error);
  });

  test("refuses what wants attention without it", () => {
    const message = "translate: expected a model with attention for replaceUnknown, got one without";
    expect(() => blind.translate(sources, { replaceUnknown: true })).toThrow(new TypeError(message));
    expect(() => blind.translate(sources, { coveragePenalty: 1 })).toThrow(/attention for coveragePenalty/);
  });
});

describe("TranslatorEnsemble", () => {
  test("translates as its models together", () => {
    const members = [1, 2, 3].map((seed) => learn({ seed, steps: 30, model: { cell: seed === 2 ? "lstm" : "gru" } }));
    const ensemble = new TranslatorEnsemble(members);
    const options = { beam: 4, nBest: 2 };
    const found = beamSearch(
      ensemble.model,
      sources.map((text) => ensemble.encodeSource(text)),
      options,
    );
    expect(ensemble.translateNBest(sources, options).map((best) => best.map(({ text }) => text))).toEqual(
      found.map((best) => best.map(({ ids }) => ensemble.decodeTarget(ids))),
    );
    const [same] = members;
    expect(new TranslatorEnsemble([same, same]).translate(sources)).toEqual(same.translate(sources));
    expect(ensemble.align(sources[0])!.weights[0]).toHaveLength(6);
    expect(ensemble.hasAttention).toBe(true);
    const mixed = new TranslatorEnsemble([same, blind]);
    expect([mixed.hasAttention, mixed.align(sources[0])]).toEqual([false, null]);
    expect(mixed.translate(sources)).toHaveLength(5);
  });

  test("refuses none, what is no translator, and translators that read or write otherwise", () => {
    const fail = (message: string) => new RangeError(`TranslatorEnsemble: ${message}`);
    expect(() => new TranslatorEnsemble([])).toThrow(fail("expected at least one translator, got none"));
    expect(() => new TranslatorEnsemble([translator.model as never])).toThrow(TypeError);
    const other = fail("expected translators with one source vocabulary, got another at 1");
    expect(() => new TranslatorEnsemble([translator, ignorant])).toThrow(other);
    const turned = fail("expected translators with one order of the source's words, got another at 2");
    expect(() => new TranslatorEnsemble([ignorant, ignorant, reversed])).toThrow(turned);
    const folding = learn({ text: { lowercase: true }, steps: 1 });
    const cut = fail("expected translators with one source tokeniser, got another at 1");
    expect(() => new TranslatorEnsemble([translator, folding])).toThrow(cut);
  });
});
