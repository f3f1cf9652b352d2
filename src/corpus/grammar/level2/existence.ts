import type { NounKind } from "../../lexicon/noun.js";
import { combine, each, map, only } from "../../space.js";
import { locations } from "../adjuncts.js";
import { phrasesOf } from "../choices.js";
import type { Adjunct } from "../clause.js";
import { combination, nounLemma } from "../combination.js";
import { type Construction, construction } from "../construction.js";
import { englishPhrase, frenchPhrase, type NounPhrase } from "../nounPhrase.js";
import { type Sentence, sentence } from "../sentence.js";
import { counted } from "./numbers.js";

interface Presence {
  readonly phrase: NounPhrase;
  readonly place: Adjunct;
}

/** There is a cat in the garden; there are no apples in the kitchen. */
export function thereIs({ phrase, place }: Presence, negated: boolean): Sentence {
  const verb = phrase.count === "plural" ? "are" : "is";
  return sentence(
    `there ${verb} ${negated ? "no " : ""}${englishPhrase(phrase)} ${place.english}`,
    [
      ...(negated ? ["il", "ne", "y", "a", "pas"] : ["il", "y", "a"]),
      ...frenchPhrase(phrase, negated),
      ...place.french,
    ],
    ".",
    place.lemma ? [combination(nounLemma(phrase.noun.english), place.lemma)] : [],
  );
}

interface Setting {
  readonly kinds: readonly NounKind[];
  readonly places: readonly Adjunct[];
}

export function existenceConstructions(): readonly Construction[] {
  const rooms = locations(["room"]).filter(({ english }) => english !== "in the garden");
  const outdoors = [
    ...locations(["area"]),
    ...locations(["room"]).filter(({ english }) => english === "in the garden"),
  ];

  /** What may be found where. */
  const settings: readonly Setting[] = [
    {
      kinds: ["fruit", "ingredient", "dish", "food", "spooned", "drink"],
      places: rooms.filter(({ english }) => english === "in the kitchen"),
    },
    { kinds: ["thing", "furniture", "container", "reading"], places: rooms },
    { kinds: ["person", "beast", "bird", "creature"], places: outdoors },
  ];

  const groups = settings.map(({ kinds, places }) => {
    const phrasesUnder = (...determiners: readonly ("a" | "bare")[]) => phrasesOf(kinds, 2, determiners);
    const place = only(places);
    const inNumber = phrasesUnder("bare").filter(({ noun }) => !noun.mass);
    return {
      there: combine<Presence>({ phrase: only(phrasesUnder("a", "bare")), place }),
      numbered: combine<Presence>({ phrase: each(inNumber, counted), place }),
      absent: combine<Presence>({ phrase: only(phrasesUnder("bare")), place }),
    };
  });

  return [
    construction(
      "there is",
      2,
      1,
      groups.flatMap(({ there, numbered }) => [there, numbered].map((space) => map(space, (p) => thereIs(p, false)))),
    ),
    construction(
      "there is no",
      2,
      0.5,
      groups.map(({ absent }) => map(absent, (presence) => thereIs(presence, true))),
    ),
  ];
}
