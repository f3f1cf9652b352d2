import type { Level } from "../types.js";
import { nouns } from "./noun.js";

/** English says "at" or "to" and French `à` of a place or sight; "in" or "to", and `dans`, of a room or an area. */
export const PLACES = [
  ...nouns(
    2,
    "place",
    [
      ["beach", "plage", "f"],
      ["hospital", "hôpital", "m"],
      ["station", "gare", "f"],
      ["restaurant", "restaurant", "m"],
      ["cinema", "cinéma", "m"],
      ["bank", "banque", "f"],
      ["hotel", "hôtel", "m"],
      ["bakery", "boulangerie", "f"],
      ["airport", "aéroport", "m"],
      ["supermarket", "supermarché", "m"],
      ["swimming pool", "piscine", "f"],
      ["post office", "poste", "f"],
      ["office", "bureau", "m"],
      ["pharmacy", "pharmacie", "f"],
    ],
    { singular: true },
  ),
  ...nouns(
    2,
    "sight",
    [
      ["market", "marché", "m"],
      ["theatre", "théâtre", "m"],
      ["library", "bibliothèque", "f"],
      ["museum", "musée", "m"],
      ["university", "université", "f"],
      ["stadium", "stade", "m"],
      ["zoo", "zoo", "m"],
      ["farm", "ferme", "f"],
      ["castle", "château", "m"],
    ],
    { singular: true },
  ),
  ...nouns(
    2,
    "room",
    [
      ["garden", "jardin", "m"],
      ["kitchen", "cuisine", "f"],
      ["bedroom", "chambre", "f"],
      ["living room", "salon", "m"],
      ["bathroom", "salle de bains", "f"],
      ["house", "maison", "f"],
      ["garage", "garage", "m"],
    ],
    { singular: true },
  ),
  ...nouns(
    2,
    "area",
    [
      ["park", "parc", "m"],
      ["forest", "forêt", "f"],
      ["street", "rue", "f"],
      ["village", "village", "m"],
    ],
    { singular: true },
  ),
];

/** A place that both languages name in a way of their own: where one is, where one goes, and French for both. */
export interface SetPlace {
  readonly at: string;
  readonly to: string;
  readonly french: string;
  readonly level: Level;
}

export const SET_PLACES: readonly SetPlace[] = [
  { at: "at school", to: "to school", french: "à l'école", level: 2 },
  { at: "at church", to: "to church", french: "à l'église", level: 2 },
  { at: "in town", to: "to town", french: "en ville", level: 2 },
  { at: "in the country", to: "to the country", french: "à la campagne", level: 2 },
  { at: "in the mountains", to: "to the mountains", french: "à la montagne", level: 2 },
  { at: "at the seaside", to: "to the seaside", french: "au bord de la mer", level: 2 },
];

/** A town or country: after "in" or "to", and after "from". */
export interface Town {
  readonly english: string;
  readonly french: string;
  /** French after `à`, `en`, `au`, `aux`. */
  readonly at: string;
  /** French after `de`, `du`, `des`. */
  readonly from: string;
  readonly level: Level;
}

type Article = "" | "la" | "le" | "les";

const LOCATIVE: Readonly<Record<Article, readonly [at: string, from: string]>> = {
  "": ["à", "de"],
  la: ["en", "de"],
  le: ["au", "du"],
  les: ["aux", "des"],
};

/** English, French; `article` is what French sets before the bare name: none for a town. */
function towns(article: Article, rows: readonly (readonly [string, string])[]): Town[] {
  const [at, from] = LOCATIVE[article];
  return rows.map(([english, french]) => ({ english, french, at, from, level: 2 }));
}

export const TOWNS: readonly Town[] = [
  ...towns("", [
    ["Paris", "Paris"],
    ["London", "Londres"],
    ["Rome", "Rome"],
    ["Madrid", "Madrid"],
    ["Lisbon", "Lisbonne"],
    ["Brussels", "Bruxelles"],
    ["Geneva", "Genève"],
    ["Athens", "Athènes"],
    ["Montreal", "Montréal"],
    ["New York", "New York"],
  ]),
  ...towns("la", [
    ["France", "France"],
    ["Italy", "Italie"],
    ["Spain", "Espagne"],
    ["Germany", "Allemagne"],
    ["England", "Angleterre"],
    ["Belgium", "Belgique"],
    ["Switzerland", "Suisse"],
    ["China", "Chine"],
  ]),
  ...towns("le", [
    ["Canada", "Canada"],
    ["Japan", "Japon"],
    ["Brazil", "Brésil"],
    ["Portugal", "Portugal"],
    ["Morocco", "Maroc"],
  ]),
  ...towns("les", [
    ["the United States", "États-Unis"],
    ["the Netherlands", "Pays-Bas"],
  ]),
];
