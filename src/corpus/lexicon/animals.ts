import { nouns } from "./noun.js";

// No sheep, deer or fish: their English plural does not show.
export const ANIMALS = [
  ...nouns(1, "beast", [
    ["cat", "chat", "m"],
    ["dog", "chien", "m"],
    ["horse", "cheval", "m"],
    ["cow", "vache", "f"],
    ["rabbit", "lapin", "m"],
  ]),
  ...nouns(2, "beast", [
    ["pig", "cochon", "m"],
    ["lion", "lion", "m"],
    ["tiger", "tigre", "m"],
    ["elephant", "éléphant", "m"],
    ["monkey", "singe", "m"],
    ["wolf", "loup", "m", "wolves"],
    ["bear", "ours", "m"],
    ["fox", "renard", "m", "foxes"],
    ["goat", "chèvre", "f"],
    ["donkey", "âne", "m"],
    ["hamster", "hamster", "m"],
    ["squirrel", "écureuil", "m"],
  ]),
  ...nouns(1, "bird", [
    ["bird", "oiseau", "m"],
    ["duck", "canard", "m"],
  ]),
  ...nouns(2, "bird", [
    ["owl", "hibou", "m", "owls", "hiboux"],
    ["swan", "cygne", "m"],
    ["parrot", "perroquet", "m"],
    ["eagle", "aigle", "m"],
  ]),
  ...nouns(1, "creature", [
    ["mouse", "souris", "f", "mice"],
    ["frog", "grenouille", "f"],
  ]),
  ...nouns(2, "creature", [
    ["turtle", "tortue", "f"],
    ["snake", "serpent", "m"],
    ["spider", "araignée", "f"],
    ["bee", "abeille", "f"],
    ["snail", "escargot", "m"],
    ["butterfly", "papillon", "m"],
  ]),
];
