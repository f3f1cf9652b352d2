import type { Adjective } from "../lexicon/adjective.js";
import type { Expression } from "../lexicon/expression.js";
import type { ObjectPronoun } from "../lexicon/pronouns.js";
import type { Modal, Verb } from "../lexicon/verb.js";
import type { Tense } from "../types.js";
import type { NounPhrase } from "./nounPhrase.js";
import type { Participant } from "./participant.js";

/** What a clause says, before either language has worded it. */
export interface Clause {
  readonly subject: Participant;
  readonly verb: Verb;
  /** The present when left out. */
  readonly tense?: Tense;
  /** An imperfect of habit ("used to …") rather than of something under way ("was …ing"). */
  readonly habit?: boolean;
  readonly negation?: "not" | "never";
  /** A verb such as "can", before an infinitive; in the present only. */
  readonly modal?: Modal;
  /** Often, always…: in English before the main verb, in French after the conjugated one. */
  readonly frequency?: Expression;
  readonly object?: NounPhrase;
  readonly pronoun?: ObjectPronoun;
  /** Whoever something is given, shown or sent to. */
  readonly recipient?: Participant;
  /** What the subject is: an adjective after "to be". */
  readonly quality?: Adjective;
  /** Manner, place and time, in that order. */
  readonly adjuncts?: readonly Adjunct[];
}

/** Words that end a clause, such as "at the market", "au marché". */
export interface Adjunct {
  readonly english: string;
  readonly french: readonly string[];
  /** The noun in it, if any. */
  readonly lemma?: string;
}
