import { describe, expect, it } from "vitest";
import { expressionAdjunct, locations, waysOf } from "../../src/corpus/grammar/adjuncts.js";
import { constructions } from "../../src/corpus/grammar/index.js";
import { statement } from "../../src/corpus/grammar/sentence.js";
import { NUMBERS } from "../../src/corpus/lexicon/numbers.js";
import { FUTURE_TIMES, HABITUAL_TIMES, PAST_TIMES, TIMES_OF_DAY } from "../../src/corpus/lexicon/time.js";
import { BE } from "../../src/corpus/lexicon/verb.js";
import { clause, entry, phrase, shown, subject, verb } from "./meaning.js";

const says = (expected: string, told: ReturnType<typeof clause>) => expect(shown(statement(told))).toBe(expected);

const PLACES = [...locations(["place", "room", "area", "town"]), ...waysOf(verb("come"))];
const place = (english: string) => entry(PLACES, (row) => row.english === english);
const TIMES = [...TIMES_OF_DAY, ...HABITUAL_TIMES, ...PAST_TIMES, ...FUTURE_TIMES];
const time = (english: string) => expressionAdjunct(entry(TIMES, (row) => row.english === english));

describe("places", () => {
  const goes = (where: string) => clause("he", "go", { adjuncts: [place(where)] });
  const is = (where: string) => ({ subject: subject("she"), verb: BE, adjuncts: [place(where)] });
  const comes = (where: string) => clause("I", "come back", { adjuncts: [place(where)] });

  it("are à a town, en a feminine country, au and aux the others", () => {
    says("He goes to London. | Il va à Londres.", goes("to London"));
    says("He goes to Italy. | Il va en Italie.", goes("to Italy"));
    says("He goes to Japan. | Il va au Japon.", goes("to Japan"));
    says("He goes to the United States. | Il va aux États-Unis.", goes("to the United States"));
    says("She is in New York. | Elle est à New York.", is("in New York"));
    says("She is in Germany. | Elle est en Allemagne.", is("in Germany"));
    says("She is in Brazil. | Elle est au Brésil.", is("in Brazil"));
    says("She is in the Netherlands. | Elle est aux Pays-Bas.", is("in the Netherlands"));
  });

  it("are left with de, d', du and des", () => {
    says("I come back from Rome. | Je reviens de Rome.", comes("from Rome"));
    says("I come back from Athens. | Je reviens d'Athènes.", comes("from Athens"));
    says("I come back from France. | Je reviens de France.", comes("from France"));
    says("I come back from England. | Je reviens d'Angleterre.", comes("from England"));
    says("I come back from Morocco. | Je reviens du Maroc.", comes("from Morocco"));
    says("I come back from the United States. | Je reviens des États-Unis.", comes("from the United States"));
  });

  it("of everyday life take à, au and à l', rooms dans", () => {
    says("He goes to the market. | Il va au marché.", goes("to the market"));
    says("He goes to the post office. | Il va à la poste.", goes("to the post office"));
    says("He goes to the airport. | Il va à l'aéroport.", goes("to the airport"));
    says("He goes to the hotel. | Il va à l'hôtel.", goes("to the hotel"));
    says("He goes to school. | Il va à l'école.", goes("to school"));
    says("She is in the country. | Elle est à la campagne.", is("in the country"));
    says("She is in the kitchen. | Elle est dans la cuisine.", is("in the kitchen"));
  });

  it("follow what is done there", () => {
    says("My aunts drink water at the restaurant. | Mes tantes boivent de l'eau au restaurant.", {
      ...clause(phrase("my", "aunts"), "drink", { object: phrase("bare", "water") }),
      adjuncts: [place("at the restaurant")],
    });
  });
});

describe("times", () => {
  const at = (when: string) => clause("we", "swim", { adjuncts: [time(when)] });
  const past = (when: string) => clause("she", "leave", { tense: "past", adjuncts: [time(when)] });
  const future = (when: string) => clause("I", "come", { tense: "future", adjuncts: [time(when)] });

  it("of a day, a week and a year", () => {
    says("We swim at one o'clock. | Nous nageons à une heure.", at("at one o'clock"));
    says("We swim at eight o'clock. | Nous nageons à huit heures.", at("at eight o'clock"));
    says("We swim at noon. | Nous nageons à midi.", at("at noon"));
    says("We swim on Mondays. | Nous nageons le lundi.", at("on Mondays"));
    says("We swim every week. | Nous nageons toutes les semaines.", at("every week"));
    says("We swim every evening. | Nous nageons tous les soirs.", at("every evening"));
    says("We swim in the afternoon. | Nous nageons l'après-midi.", at("in the afternoon"));
    says("We swim in spring. | Nous nageons au printemps.", at("in spring"));
    says("We swim in winter. | Nous nageons en hiver.", at("in winter"));
  });

  it("gone by and to come", () => {
    says("She left yesterday evening. | Elle est partie hier soir.", past("yesterday evening"));
    says("She left two days ago. | Elle est partie il y a deux jours.", past("two days ago"));
    says("She left last week. | Elle est partie la semaine dernière.", past("last week"));
    says("She left last summer. | Elle est partie l'été dernier.", past("last summer"));
    says("I will come tomorrow. | Je viendrai demain.", future("tomorrow"));
    says("I will come tonight. | Je viendrai ce soir.", future("tonight"));
    says("I will come next year. | Je viendrai l'année prochaine.", future("next year"));
    says("I will come next summer. | Je viendrai l'été prochain.", future("next summer"));
    says("I will come in three weeks. | Je viendrai dans trois semaines.", future("in three weeks"));
  });
});

describe("numbers", () => {
  it("have one feminine form in two", () => {
    expect(NUMBERS.map(({ french }) => french.m).join(" ")).toBe(
      "un deux trois quatre cinq six sept huit neuf dix onze douze vingt vingt et un trente",
    );
    expect(NUMBERS.filter(({ french }) => french.f !== french.m).map(({ french }) => french.f)).toEqual([
      ...["une", "vingt et une"],
    ]);
  });
});

/** Constructions small enough to be listed, and some of what they say. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  weather: ["It is cold in December. | Il fait froid en décembre.", "It is hot in summer. | Il fait chaud en été."],
  hour: ["It is one o'clock. | Il est une heure.", "It is eleven o'clock. | Il est onze heures."],
  "there is no": [
    "There is no water in the kitchen. | Il n'y a pas d'eau dans la cuisine.",
    "There are no owls in the park. | Il n'y a pas de hiboux dans le parc.",
  ],
  "where is": ["Where are your gloves? | Où sont tes gants ?", "Where is the wolf? | Où est le loup ?"],
  age: ["We are twenty-one years old. | Nous avons vingt et un ans.", "I am eight years old. | J'ai huit ans."],
  "hungry, thirsty": [
    "My mother is not afraid. | Ma mère n'a pas peur.",
    "The firemen are sleepy. | Les pompiers ont sommeil.",
  ],
  "hungry, thirsty, asked": ["Is Anna right? | Est-ce qu'Anna a raison ?", "Are you cold? | Est-ce que tu as froid ?"],
  "will be hungry": ["I will be thirsty. | J'aurai soif.", "The boys will be hot. | Les garçons auront chaud."],
  exclamation: ["What good honey! | Quel bon miel !", "What old elephants! | Quels vieux éléphants !"],
  "who, as the subject": [
    "Who eats apples? | Qui mange des pommes ?",
    "Who speaks to the boy? | Qui parle au garçon ?",
    "Who is ready? | Qui est prêt ?",
    "Who goes to bed? | Qui se couche ?",
  ],
  what: ["What do they draw? | Qu'est-ce qu'ils dessinent ?", "What does Paul like? | Qu'est-ce que Paul aime ?"],
  "who, as the object": ["Who do you wait for? | Qui est-ce que tu attends ?"],
  when: ["When does Anna get up? | Quand est-ce qu'Anna se lève ?", "When do I leave? | Quand est-ce que je pars ?"],
  "why, after to be": ["Why is your sister sad? | Pourquoi est-ce que ta sœur est triste ?"],
};

describe("constructions that can be listed", () => {
  it.each(Object.entries(LISTED))("%s", (wanted, expected) => {
    const listed = new Set(
      constructions()
        .filter(({ name }) => name === wanted)
        .flatMap(({ groups }) => groups)
        .flatMap((group) =>
          group.size < 5000 ? Array.from({ length: group.size }, (_, i) => shown(group.at(i))) : [],
        ),
    );
    expect(expected.filter((pair) => !listed.has(pair))).toEqual([]);
  });
});
