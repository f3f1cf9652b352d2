import { expressions } from "./expression.js";
import { NUMBERS } from "./numbers.js";

const HOURS = expressions(
  2,
  NUMBERS.filter(({ value }) => value <= 11).map(({ english, french, value }): [string, string] => [
    `at ${english} o'clock`,
    `à ${french.f} ${value === 1 ? "heure" : "heures"}`,
  ]),
);

const DAYS: readonly (readonly [string, string])[] = [
  ["Monday", "lundi"],
  ["Tuesday", "mardi"],
  ["Wednesday", "mercredi"],
  ["Thursday", "jeudi"],
  ["Friday", "vendredi"],
  ["Saturday", "samedi"],
  ["Sunday", "dimanche"],
];

/** Times of day, which suit every tense. */
export const TIMES_OF_DAY = [
  ...HOURS,
  ...expressions(2, [
    ["at noon", "à midi"],
    ["at midnight", "à minuit"],
  ]),
];

/** When something is done again and again. */
export const HABITUAL_TIMES = [
  ...expressions(2, [
    ["every day", "tous les jours"],
    ["every morning", "tous les matins"],
    ["every evening", "tous les soirs"],
    ["every week", "toutes les semaines"],
    ["in the morning", "le matin"],
    ["in the afternoon", "l'après-midi"],
    ["in the evening", "le soir"],
    ["in spring", "au printemps"],
    ["in summer", "en été"],
    ["in autumn", "en automne"],
    ["in winter", "en hiver"],
  ]),
  ...expressions(
    2,
    DAYS.map(([english, french]): [string, string] => [`on ${english}s`, `le ${french}`]),
  ),
];

/** When something happened. */
export const PAST_TIMES = expressions(3, [
  ["yesterday", "hier"],
  ["yesterday morning", "hier matin"],
  ["yesterday evening", "hier soir"],
  ["this morning", "ce matin"],
  ["last week", "la semaine dernière"],
  ["last month", "le mois dernier"],
  ["last year", "l'année dernière"],
  ["last summer", "l'été dernier"],
  ["last Saturday", "samedi dernier"],
  ["two days ago", "il y a deux jours"],
  ["three weeks ago", "il y a trois semaines"],
]);

/** When something will happen. */
export const FUTURE_TIMES = expressions(3, [
  ["tomorrow", "demain"],
  ["tomorrow morning", "demain matin"],
  ["tomorrow evening", "demain soir"],
  ["next summer", "l'été prochain"],
  ["tonight", "ce soir"],
  ["next week", "la semaine prochaine"],
  ["next month", "le mois prochain"],
  ["next year", "l'année prochaine"],
  ["next Sunday", "dimanche prochain"],
  ["in two days", "dans deux jours"],
  ["in three weeks", "dans trois semaines"],
]);

/** Months, after "in" and `en`. */
export const MONTHS = expressions(2, [
  ["in January", "en janvier"],
  ["in February", "en février"],
  ["in March", "en mars"],
  ["in April", "en avril"],
  ["in May", "en mai"],
  ["in June", "en juin"],
  ["in July", "en juillet"],
  ["in August", "en août"],
  ["in September", "en septembre"],
  ["in October", "en octobre"],
  ["in November", "en novembre"],
  ["in December", "en décembre"],
]);
