import type { Construction } from "./construction.js";
import { level1Constructions } from "./level1.js";
import { adjectiveConstructions } from "./level2/adjectives.js";
import { existenceConstructions } from "./level2/existence.js";
import { modalConstructions } from "./level2/modals.js";
import { negativeConstructions } from "./level2/negation.js";
import { numberConstructions } from "./level2/numbers.js";
import { openQuestionConstructions } from "./level2/openQuestions.js";
import { placeConstructions } from "./level2/places.js";
import { plainConstructions } from "./level2/plain.js";
import { possessiveConstructions } from "./level2/possessives.js";
import { questionConstructions } from "./level2/questions.js";
import { timeConstructions } from "./level2/time.js";
import { complexConstructions } from "./level3/complex.js";
import { coupleConstructions } from "./level3/couples.js";
import { imperfectConstructions } from "./level3/imperfect.js";
import { futureConstructions, pastConstructions } from "./level3/pastAndFuture.js";
import { pronounConstructions } from "./level3/pronouns.js";
import { relativeConstructions } from "./level3/relatives.js";

let made: readonly Construction[] | undefined;

/** All the constructions, made on first use: listing what may be said takes time, and whoever imports may never draw. */
export function constructions(): readonly Construction[] {
  made ??= [
    ...level1Constructions(),
    ...plainConstructions(),
    ...adjectiveConstructions(),
    ...possessiveConstructions(),
    ...negativeConstructions(),
    ...questionConstructions(),
    ...openQuestionConstructions(),
    ...numberConstructions(),
    ...placeConstructions(),
    ...existenceConstructions(),
    ...timeConstructions(),
    ...modalConstructions(),
    ...imperfectConstructions(),
    ...pastConstructions(),
    ...futureConstructions(),
    ...coupleConstructions(),
    ...pronounConstructions(),
    ...complexConstructions(),
    ...relativeConstructions(),
  ];
  return made;
}
