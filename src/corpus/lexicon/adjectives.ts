import { adjectives } from "./adjective.js";
import type { NounKind } from "./noun.js";

const ANIMALS: readonly NounKind[] = ["beast", "bird", "creature"];
const BELONGINGS: readonly NounKind[] = ["container", "thing", "clothing", "furniture", "vehicle"];
const TEXTS: readonly NounKind[] = ["reading", "writing"];
const EATEN: readonly NounKind[] = ["fruit", "ingredient", "dish", "food", "spooned"];
const WHO: readonly NounKind[] = ["person", "family"];
const PRICED: readonly NounKind[] = ["clothing", "furniture", "vehicle"];
const COLOURED: readonly NounKind[] = ["clothing", "vehicle", "container", "furniture"];

// `first` marks those that French sets before the noun: beauty, age, goodness, size.
export const ADJECTIVES = [
  ...adjectives(2, [
    { english: "big", french: "grand", first: true, beside: [...ANIMALS, ...BELONGINGS, "opening"] },
    {
      english: "small",
      french: "petit",
      first: true,
      beside: [...ANIMALS, ...BELONGINGS, "opening", "dish", "fruit", "ingredient"],
    },
    { english: "fat", french: "gros", feminine: "grosse", first: true, beside: ["beast", "bird"] },
    {
      english: "beautiful",
      french: "beau",
      feminine: "belle",
      beforeVowel: "bel",
      first: true,
      beside: ["bird", "beast", "writing", "clothing", "vehicle"],
    },
    {
      english: "old",
      french: "vieux",
      feminine: "vieille",
      beforeVowel: "vieil",
      first: true,
      beside: ["beast", ...BELONGINGS, "reading"],
    },
    {
      english: "new",
      french: "nouveau",
      feminine: "nouvelle",
      beforeVowel: "nouvel",
      first: true,
      beside: [...BELONGINGS, ...TEXTS],
    },
    { english: "pretty", french: "joli", first: true, beside: ["clothing", "container"] },
    { english: "good", french: "bon", first: true, beside: [...EATEN, "drink", ...TEXTS] },
    { english: "bad", french: "mauvais", first: true, beside: ["reading", "dish"] },
    { english: "long", french: "long", feminine: "longue", first: true, beside: ["writing"] },
    { english: "red", french: "rouge", beside: COLOURED, describes: COLOURED },
    { english: "yellow", french: "jaune", beside: COLOURED, describes: COLOURED },
    { english: "pink", french: "rose", beside: COLOURED, describes: COLOURED },
    { english: "blue", french: "bleu", beside: COLOURED, describes: [...COLOURED, "opening"] },
    { english: "black", french: "noir", beside: [...COLOURED, "beast"], describes: [...COLOURED, "beast"] },
    { english: "grey", french: "gris", beside: [...COLOURED, "beast"], describes: [...COLOURED, "beast"] },
    { english: "green", french: "vert", beside: COLOURED, describes: [...COLOURED, "opening"] },
    {
      english: "white",
      french: "blanc",
      feminine: "blanche",
      beside: [...COLOURED, "beast", "bird"],
      describes: [...COLOURED, "beast", "bird"],
    },
    { english: "brown", french: "marron", invariable: true, beside: COLOURED, describes: COLOURED },
    { english: "happy", french: "heureux", describes: [...WHO, "beast"] },
    { english: "sad", french: "triste", describes: [...WHO, "beast"] },
    { english: "tired", french: "fatigué", describes: [...WHO, "beast"] },
    { english: "sick", french: "malade", describes: [...WHO, "beast", "bird"] },
    { english: "tall", french: "grand", describes: WHO },
    { english: "rich", french: "riche", beside: ["person"], describes: WHO },
    { english: "kind", french: "gentil", feminine: "gentille", describes: WHO },
    { english: "intelligent", french: "intelligent", beside: ["person"], describes: WHO },
    { english: "brave", french: "courageux", beside: ["person"], describes: WHO },
    { english: "strong", french: "fort", describes: [...WHO, "beast"] },
    { english: "shy", french: "timide", beside: ["person"], describes: WHO },
    { english: "lazy", french: "paresseux", beside: ["person", "beast"], describes: [...WHO, "beast"] },
    { english: "famous", french: "célèbre", beside: ["person"], describes: WHO },
    { english: "ready", french: "prêt", describes: WHO },
    { english: "jealous", french: "jaloux", feminine: "jalouse", describes: WHO },
    { english: "serious", french: "sérieux", describes: WHO },
    { english: "dangerous", french: "dangereux", beside: ["beast"], describes: ["vehicle"] },
    { english: "heavy", french: "lourd", beside: ["container", "furniture"], describes: ["container", "furniture"] },
    {
      english: "clean",
      french: "propre",
      beside: ["clothing"],
      describes: ["clothing", "vehicle", "furniture", "room"],
    },
    { english: "dirty", french: "sale", beside: ["clothing"], describes: ["clothing", "vehicle", "furniture", "room"] },
    { english: "expensive", french: "cher", beside: PRICED, describes: PRICED },
    { english: "modern", french: "moderne", beside: ["vehicle", "furniture"], describes: ["vehicle", "furniture"] },
    { english: "interesting", french: "intéressant", beside: TEXTS, describes: TEXTS },
    { english: "difficult", french: "difficile", beside: ["reading"], describes: ["reading"] },
    { english: "empty", french: "vide", beside: ["container"], describes: ["container", "room", "area"] },
    { english: "hot", french: "chaud", describes: ["dish"] },
    { english: "cold", french: "froid", beside: ["drink"], describes: ["drink", "dish"] },
    {
      english: "fresh",
      french: "frais",
      feminine: "fraîche",
      beside: ["fruit", "ingredient"],
      describes: ["fruit", "ingredient"],
    },
    { english: "delicious", french: "délicieux", beside: [...EATEN], describes: [...EATEN, "drink"] },
    { english: "ripe", french: "mûr", describes: ["fruit"] },
    { english: "French", french: "français", beside: ["food", "spooned", "drink", "person"], describes: WHO },
    { english: "English", french: "anglais", beside: ["reading", "person"], describes: WHO },
    { english: "Italian", french: "italien", beside: ["dish", "person"], describes: WHO },
  ]),
  ...adjectives(2, [{ english: "young", french: "jeune", first: true, beside: ["person", "beast"], describes: WHO }]),
];
