import { nouns } from "./noun.js";

/** What one plays, speaks or learns. */
export const SKILLS = [
  ...nouns(
    2,
    "instrument",
    [
      ["piano", "piano", "m"],
      ["guitar", "guitare", "f"],
      ["violin", "violon", "m"],
      ["flute", "flûte", "f"],
      ["trumpet", "trompette", "f"],
      ["accordion", "accordéon", "m"],
      ["harp", "harpe", "f"],
    ],
    { singular: true },
  ),
  ...nouns(
    2,
    "sport",
    [
      ["football", "football", "m"],
      ["tennis", "tennis", "m"],
      ["basketball", "basket", "m"],
      ["rugby", "rugby", "m"],
      ["golf", "golf", "m"],
    ],
    { mass: true },
  ),
  ...nouns(
    2,
    "language",
    [
      ["French", "français", "m"],
      ["English", "anglais", "m"],
      ["Spanish", "espagnol", "m"],
      ["Italian", "italien", "m"],
      ["German", "allemand", "m"],
      ["Portuguese", "portugais", "m"],
      ["Japanese", "japonais", "m"],
      ["Chinese", "chinois", "m"],
    ],
    { mass: true },
  ),
];
