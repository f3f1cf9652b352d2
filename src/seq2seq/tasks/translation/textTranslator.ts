import { anything, callback, checkOptions, type OptionTable } from "../../../options.js";
import type { Alignment } from "../../figures/index.js";
import type { Searchable } from "../../models/stepper.js";
import { beamSearch } from "../../search/beam.js";
import { type BeamOptions, beamOptions, type Hypothesis, type Running } from "../../search/beamOptions.js";
import { forcedDecoding } from "../../search/forced.js";
import { greedySearch } from "../../search/greedy.js";
import { checkText, checkTexts } from "../../text/checkText.js";
import { decodeText, encodeText, type Language, UNK, unknownWords } from "../../text/index.js";
import { tokenLabel } from "../../text/language.js";

export interface TranslateOptions extends Omit<BeamOptions, "nBest" | "allowUnknown" | "targetPrefixes" | "onStep"> {
  /** For each text what its translation begins with; a word that the model does not know stays as it is written there. */
  readonly targetPrefixes?: readonly string[];
  /**
   * Lets the model write `<unk>`, and puts there the source word that it looked at most or, of a dictionary that has the
   * word, what that says (Jean et al., 2015, section 4.1). Wants a model with attention. Default false: it never does.
   */
  readonly replaceUnknown?: boolean | ReadonlyMap<string, string>;
  /**
   * Called after each step of the search with the texts that it was for, and how far each has come: with a beam of 1, word by
   * word. What this throws ends the search.
   */
  readonly onStep?: (running: readonly Running<ScoredText>[]) => void;
}

export interface NBestOptions extends TranslateOptions {
  /** How many translations of each text, at most `beam`. Default 1. */
  readonly nBest?: number;
}

const { allowUnknown: _, ...SEARCH_OPTIONS } = beamOptions;
const N_BEST_OPTIONS: OptionTable<NBestOptions> = {
  ...SEARCH_OPTIONS,
  targetPrefixes: anything(),
  replaceUnknown: {
    initial: undefined,
    expected: "true, false or a Map",
    accepts: (value) => typeof value === "boolean" || value instanceof Map,
  },
  onStep: callback(),
};
const { nBest: __, ...TRANSLATE_OPTIONS } = N_BEST_OPTIONS;

/** A translation, and what the search knows of it. */
export interface ScoredText {
  readonly text: string;
  /** What translations are ranked by: the log-probability a token, unless the options say otherwise. */
  readonly score: number;
  readonly logProbability: number;
  /** Whether the model ended it; false where the length limit cut it off. */
  readonly isFinished: boolean;
  /** As people read them: without joiners, with the mark of a piece that does not end its word. */
  readonly tokens: readonly string[];
  /**
   * For each of `tokens` the place of the source token that it looked at most, by number from 0 in {@link
   * TextTranslator.sourceTokens}, as many as there are being the end of the sentence; null without attention.
   */
  readonly alignment: readonly number[] | null;
}

/** What translates texts: something that can be searched, between two languages. */
export abstract class TextTranslator {
  abstract readonly model: Searchable;
  readonly source: Language;
  readonly target: Language;
  /** Whether the model reads the source from its last word to its first (Sutskever et al., 2014). */
  readonly reverseSource: boolean;

  protected constructor({
    source,
    target,
    reverseSource,
  }: Pick<TextTranslator, "source" | "target" | "reverseSource">) {
    this.source = source;
    this.target = target;
    this.reverseSource = reverseSource;
  }

  /** Whether the model looks back at the source. */
  abstract readonly hasAttention: boolean;

  /**
   * One translation for each text, in their order; an empty text (or one of spaces) gives an empty translation. A beam of
   * 1, the default, is greedy search.
   *
   * @example
   * translator.translate(["The dog sleeps."], { beam: 5, targetPrefixes: ["Le petit"] });
   */
  translate(texts: readonly string[], options: TranslateOptions = {}): string[] {
    checkOptions("translate", TRANSLATE_OPTIONS, options);
    const { beam = 1, maxLength, noRepeatNgramSize, coveragePenalty, targetPrefixes, replaceUnknown } = options;
    const isGreedy = beam === 1 && !(noRepeatNgramSize || coveragePenalty || targetPrefixes || replaceUnknown);
    if (!isGreedy || options.onStep !== undefined) {
      return this.#nBest("translate", texts, { ...options, beam }).map(([best]) => best?.text ?? "");
    }
    checkTexts("translate", "texts", texts);
    const sources = texts.map((text) => this.encodeSource(text));
    const found = greedySearch(this.model, sources.filter(isSome), { maxLength }).values();
    return sources.map((source) => (isSome(source) ? this.decodeTarget(found.next().value as number[]) : ""));
  }

  /** The `nBest` best translations of each text, best first; none for an empty text. */
  translateNBest(texts: readonly string[], options: NBestOptions = {}): ScoredText[][] {
    checkOptions("translateNBest", N_BEST_OPTIONS, options);
    return this.#nBest("translateNBest", texts, options);
  }

  #nBest(op: string, texts: readonly string[], options: NBestOptions): ScoredText[][] {
    checkTexts(op, "texts", texts);
    const { targetPrefixes, replaceUnknown = false, onStep, ...search } = options;
    if (replaceUnknown && !this.hasAttention) {
      throw new TypeError(`${op}: expected a model with attention for replaceUnknown, got one without`);
    }
    if (targetPrefixes !== undefined) checkTexts(op, "targetPrefixes", targetPrefixes);
    if (targetPrefixes !== undefined && targetPrefixes.length !== texts.length) {
      throw new RangeError(`${op}: expected ${texts.length} targetPrefixes, got ${targetPrefixes.length}`);
    }
    const all = texts.map((text, place) => ({
      place,
      source: this.encodeSource(text),
      read: this.source.tokenizer.tokenize(text),
      prefix: targetPrefixes?.[place] ?? "",
    }));
    const some = all.filter(({ source }) => isSome(source));
    const written = (hypothesis: Hypothesis, { read, prefix }: (typeof all)[number]): ScoredText =>
      this.#written(hypothesis, read, this.target.tokenizer.tokenize(prefix), replaceUnknown);
    const told = ({ place, soFar }: Running<Hypothesis>): Running<ScoredText> => ({
      place: some[place].place,
      soFar: () => written(soFar(), some[place]),
    });
    const found = beamSearch(
      this.model,
      some.map(({ source }) => source),
      {
        ...search,
        allowUnknown: replaceUnknown !== false,
        targetPrefixes: targetPrefixes && some.map(({ prefix }) => this.encodeTarget(prefix)),
        onStep: onStep && ((running) => onStep(running.map(told))),
      },
    ).values();
    return all.map((own) => {
      if (!isSome(own.source)) return [];
      const hypotheses = found.next().value as Hypothesis[];
      return hypotheses.map((hypothesis) => written(hypothesis, own));
    });
  }

  /** A hypothesis as text: tokens that are given and unknown ones as they are to be. */
  #written(
    { ids, logProbability, score, isFinished, attention }: Hypothesis,
    read: readonly string[],
    begun: readonly string[],
    replaceUnknown: boolean | ReadonlyMap<string, string>,
  ): ScoredText {
    const { tokenizer, vocabulary } = this.target;
    const placed = vocabulary.decode(ids).flatMap((own, t) => {
      const at = attention === null ? -1 : this.#place(attention[t], read.length + 1, read.length);
      if (t < begun.length) return [{ token: begun[t], at }];
      if (ids[t] !== UNK || !attention || replaceUnknown === false) return [{ token: own, at }];
      const word = this.#place(attention[t], read.length, read.length);
      return this.#replaced(read[word], replaceUnknown).map((token) => ({ token, at: word }));
    });
    const tokens = placed.map(({ token }) => token);
    return {
      text: tokenizer.detokenize(tokens),
      ...{ score, logProbability, isFinished },
      tokens: labels(this.target, tokens),
      alignment: attention && placed.map(({ at }) => at),
    };
  }

  /** Where the largest of the first `count` weights stands in the text, whose `length` tokens may be read from the end. */
  #place(weights: readonly number[], count: number, length: number): number {
    let best = 0;
    for (let s = 1; s < count; s++) if (weights[s] > weights[best]) best = s;
    return this.reverseSource && best < length ? length - 1 - best : best;
  }

  /** The tokens in the place of an unknown one: those of a dictionary or, without an entry, the one that was read. */
  #replaced(read: string, replaceUnknown: boolean | ReadonlyMap<string, string>): string[] {
    if (typeof replaceUnknown === "boolean") return [read];
    const entry = replaceUnknown.get(this.source.tokenizer.detokenize([read]));
    return entry === undefined ? [read] : this.target.tokenizer.tokenize(entry);
  }

  /**
   * Where the model looks while it writes `translation`, by default its own greedy one; null for a model without
   * attention. The end of each sentence is "<eos>", a word that the model does not know "<unk>".
   */
  align(text: string, translation: string = this.translate([text])[0]): Alignment | null {
    checkText("align", translation);
    const ids = this.encodeSource(text);
    const said = this.encodeTarget(translation);
    const { attention } = forcedDecoding(this.model, ids, said);
    if (!attention) return null;
    const ended = (language: Language, own: Iterable<number>): string[] => [
      ...labels(language, language.vocabulary.decode(own)),
      "<eos>",
    ];
    const inOrder = <T>(items: readonly T[]): T[] =>
      this.reverseSource ? [...items.slice(0, -1).toReversed(), items[items.length - 1]] : [...items];
    return {
      source: inOrder(ended(this.source, ids)),
      target: ended(this.target, said),
      weights: attention.map(inOrder),
    };
  }

  /** The tokens of a source text, as people read them, in its order. */
  sourceTokens(text: string): string[] {
    return labels(this.source, this.source.tokenizer.tokenize(text));
  }

  /**
   * The words of a source text that the model has never seen, each once: it reads them all as `<unk>`, and what it makes
   * of them is a guess. Of a model over characters, the characters.
   *
   * @example
   * translator.unknownWords("The zorgles eat an apple."); // ["zorgles"]
   */
  unknownWords(text: string): string[] {
    return unknownWords(this.source, text);
  }

  /** A source text as the model reads it: token ids, reversed if the model wants them so. */
  encodeSource(text: string): Int32Array {
    const ids = encodeText(this.source, text);
    return this.reverseSource ? ids.reverse() : ids;
  }

  /** A target text as token ids, without BOS or EOS. */
  encodeTarget(text: string): Int32Array {
    return encodeText(this.target, text);
  }

  /** The text that target ids spell. */
  decodeTarget(ids: Iterable<number>): string {
    return decodeText(this.target, ids);
  }
}

function isSome({ length }: ArrayLike<number>): boolean {
  return length > 0;
}

function labels(language: Language, tokens: readonly string[]): string[] {
  return tokens.map((token) => tokenLabel(language, token));
}
