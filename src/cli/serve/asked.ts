import { parseJSON } from "../../json.js";
import { anything, checkOptions, flag, integer, integerUpTo, type Option, type OptionTable } from "../../options.js";
import { beamOptions } from "../../seq2seq/search/beamOptions.js";
import { RANKING_MOST } from "../../seq2seq/search/ranking.js";
import { show } from "../../show.js";
import { HttpError } from "./httpError.js";
import type { Limits } from "./limits.js";

const WHERE = "POST /translate";

/** How a request wants its texts searched for; what it leaves out is as the command has it. */
export interface AskedSearch {
  readonly beam?: number;
  readonly nBest?: number;
  readonly lengthPenalty?: number;
  readonly lengthPenaltyOffset?: number;
  readonly coveragePenalty?: number;
  readonly noRepeatNgramSize?: number;
  readonly maxLength?: number;
  readonly replaceUnknown?: boolean;
}

/** The body of a request, as JSON. */
export interface AskedBody extends AskedSearch {
  readonly text: string | readonly string[];
  readonly targetPrefix?: string | readonly string[];
  readonly stream?: boolean;
}

/** What one request asks for. */
export interface Asked {
  readonly texts: readonly string[];
  /** What each translation begins with. */
  readonly prefixes: readonly string[] | undefined;
  readonly search: AskedSearch;
  readonly isStreamed: boolean;
}

/** A field of the body: which values it takes, and how OpenAPI describes it. */
export interface Field {
  readonly option: Option<unknown>;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The fields of a body, by name. */
export function fields(limits: Limits): Readonly<Record<keyof AskedBody, Field>> {
  const { lengthPenalty, lengthPenaltyOffset, coveragePenalty, noRepeatNgramSize } = beamOptions;
  const texts = (description: string) => ({
    description,
    oneOf: [
      { type: "string", maxLength: limits.characters },
      { type: "array", items: { type: "string", maxLength: limits.characters }, maxItems: limits.texts },
    ],
  });
  const number = (description: string, maximum: number) => ({ description, type: "number", minimum: 0, maximum });
  const whole = (description: string, minimum: number, maximum?: number) => ({
    ...{ description, type: "integer", minimum },
    ...(maximum !== undefined && { maximum }),
  });
  return {
    text: { option: anything(), schema: texts("What to translate: a text, or a list of them") },
    targetPrefix: { option: anything(), schema: texts("What the translation begins with, or one for each text") },
    beam: {
      option: integerUpTo(limits.beam, 1),
      schema: whole("Hypotheses kept while searching; 1 is greedy", 1, limits.beam),
    },
    nBest: {
      option: integer(1),
      schema: whole("Hypotheses to answer, at most the beam, with scores, tokens and alignments", 1, limits.beam),
    },
    lengthPenalty: { option: lengthPenalty, schema: number("Ranks by log p / length^X", RANKING_MOST.lengthPenalty) },
    lengthPenaltyOffset: {
      option: lengthPenaltyOffset,
      schema: number("By log p / ((K + length) / (K + 1))^X: 5 as Wu et al., 2016", RANKING_MOST.lengthPenaltyOffset),
    },
    coveragePenalty: {
      option: coveragePenalty,
      schema: number(
        "Takes off for source words that nothing looked at; of models with attention",
        RANKING_MOST.coveragePenalty,
      ),
    },
    noRepeatNgramSize: {
      option: noRepeatNgramSize,
      schema: whole("No N tokens in a row twice in a translation; 0 lets them", 0),
    },
    maxLength: {
      option: integerUpTo(limits.characters, 1),
      schema: whole("At most N tokens a translation; twice the source and 10 where left out", 1, limits.characters),
    },
    replaceUnknown: {
      option: flag(),
      schema: {
        description: "Puts the source word where the model writes an unknown one; of models with attention",
        type: "boolean",
      },
    },
    stream: {
      option: flag(),
      schema: { description: "Answers token by token; with a beam of 1", type: "boolean", default: false },
    },
  };
}

/** Says what the body of a request asks for. */
export type AskedReader = (body: Uint8Array) => Asked;

/**
 * What reads bodies within these limits. It throws {@link HttpError}: 400 on what is no JSON, 413 on more or longer texts
 * than are taken, 422 on values that mean nothing. `beam` is the one that counts where a body has none.
 */
export function askedReader(limits: Limits, beam: number): AskedReader {
  const table = Object.fromEntries(Object.entries(fields(limits)).map(([name, { option }]) => [name, option]));
  return (body) => readAsked(checked(parseJson(body), table), limits, beam);
}

function readAsked(given: AskedBody, limits: Limits, beam: number): Asked {
  const { text, targetPrefix, stream: isStreamed = false, ...search } = given;
  if (text === undefined) throw new HttpError(422, `${WHERE}: expected text, got none`);
  const texts = readTexts("text", text, limits);
  const prefixes = targetPrefix === undefined ? undefined : readTexts("targetPrefix", targetPrefix, limits);
  if (prefixes && prefixes.length !== texts.length) {
    throw new HttpError(422, `${WHERE}: expected a targetPrefix for each of ${texts.length}, got ${prefixes.length}`);
  }
  const own = search.beam ?? beam;
  if (search.nBest !== undefined && search.nBest > own) {
    throw new HttpError(422, `${WHERE}: expected nBest from 1 to the beam of ${own}, got ${search.nBest}`);
  }
  if (isStreamed && own > 1) {
    throw new HttpError(422, `${WHERE}: expected a beam of 1 for stream, got ${own}: no token of a larger one is sure`);
  }
  return { texts, prefixes, search, isStreamed };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return parseJSON(body);
  } catch (error) {
    const { cause, message } = error as Error;
    const got = cause instanceof SyntaxError ? message : "bytes that are no UTF-8";
    throw new HttpError(400, `${WHERE}: expected JSON, got ${got}`);
  }
}

function checked(given: unknown, table: OptionTable<object>): AskedBody {
  try {
    checkOptions(WHERE, table, given);
  } catch (error) {
    throw new HttpError(422, (error as Error).message);
  }
  return given as unknown as AskedBody;
}

function readTexts(name: string, value: unknown, { texts: most, characters }: Limits): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length > most) {
    throw new HttpError(413, `${WHERE}: expected at most ${most} texts in ${name}, got ${texts.length}`);
  }
  return texts.map((text, i) => {
    if (typeof text !== "string") {
      throw new HttpError(422, `${WHERE}: expected ${name} to be a text or a list of them, got ${show(text)} at ${i}`);
    }
    // A character is one code unit or two: only a text that may be too long has to be counted.
    const count = text.length > characters ? Array.from(text).length : text.length;
    if (count > characters) {
      throw new HttpError(
        413,
        `${WHERE}: expected at most ${characters} characters a text, got ${count} in ${name} at ${i}`,
      );
    }
    return text;
  });
}
