import { nouns } from "./noun.js";

// An ingredient is not ripe, as fruit is; what is spooned is not cut, as other food is.
export const FOOD = [
  ...nouns(1, "fruit", [
    ["apple", "pomme", "f"],
    ["orange", "orange", "f"],
    ["banana", "banane", "f"],
    ["pear", "poire", "f"],
    ["tomato", "tomate", "f", "tomatoes"],
  ]),
  ...nouns(2, "fruit", [
    ["lemon", "citron", "m"],
    ["cherry", "cerise", "f"],
    ["strawberry", "fraise", "f"],
    ["peach", "pêche", "f"],
    ["apricot", "abricot", "m"],
    ["pineapple", "ananas", "m"],
    ["melon", "melon", "m"],
  ]),
  ...nouns(1, "ingredient", [
    ["carrot", "carotte", "f"],
    ["egg", "œuf", "m"],
  ]),
  ...nouns(2, "ingredient", [
    ["potato", "pomme de terre", "f", "potatoes", "pommes de terre"],
    ["bean", "haricot", "m"],
    ["onion", "oignon", "m"],
    ["mushroom", "champignon", "m"],
  ]),
  ...nouns(1, "dish", [
    ["cake", "gâteau", "m"],
    ["sandwich", "sandwich", "m"],
  ]),
  ...nouns(2, "dish", [
    ["pizza", "pizza", "f"],
    ["omelette", "omelette", "f"],
    ["biscuit", "biscuit", "m"],
    ["pie", "tarte", "f"],
    ["pancake", "crêpe", "f"],
  ]),
  ...nouns(
    1,
    "food",
    [
      ["bread", "pain", "m"],
      ["cheese", "fromage", "m"],
      ["meat", "viande", "f"],
      ["chocolate", "chocolat", "m"],
    ],
    { mass: true },
  ),
  ...nouns(
    2,
    "food",
    [
      ["butter", "beurre", "m"],
      ["ham", "jambon", "m"],
      ["fish", "poisson", "m"],
      ["chicken", "poulet", "m"],
    ],
    { mass: true },
  ),
  ...nouns(
    2,
    "spooned",
    [
      ["rice", "riz", "m"],
      ["jam", "confiture", "f"],
      ["honey", "miel", "m"],
      ["soup", "soupe", "f"],
      ["salad", "salade", "f"],
      ["ice cream", "glace", "f"],
    ],
    { mass: true },
  ),
  ...nouns(
    1,
    "drink",
    [
      ["water", "eau", "f"],
      ["milk", "lait", "m"],
      ["coffee", "café", "m"],
      ["tea", "thé", "m"],
    ],
    { mass: true },
  ),
  ...nouns(
    2,
    "drink",
    [
      ["wine", "vin", "m"],
      ["beer", "bière", "f"],
      ["orange juice", "jus d'orange", "m"],
      ["lemonade", "limonade", "f"],
    ],
    { mass: true },
  ),
];
