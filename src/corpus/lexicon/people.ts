import { nouns } from "./noun.js";

// Only people whose sex shows in English (waiter, waitress), or whose French gender is fixed (child, baby).
export const PEOPLE = [
  ...nouns(1, "person", [
    ["man", "homme", "m", "men"],
    ["woman", "femme", "f", "women"],
    ["boy", "garçon", "m"],
    ["girl", "fille", "f"],
    ["child", "enfant", "m", "children"],
    ["king", "roi", "m"],
    ["queen", "reine", "f"],
    ["actor", "acteur", "m"],
    ["actress", "actrice", "f"],
    ["waiter", "serveur", "m"],
    ["waitress", "serveuse", "f"],
  ]),
  ...nouns(2, "person", [
    ["lady", "dame", "f"],
    ["prince", "prince", "m"],
    ["princess", "princesse", "f"],
    ["policeman", "policier", "m", "policemen"],
    ["policewoman", "policière", "f", "policewomen"],
    ["fireman", "pompier", "m", "firemen"],
    ["postman", "facteur", "m", "postmen"],
    ["fisherman", "pêcheur", "m", "fishermen"],
    ["schoolboy", "écolier", "m"],
    ["schoolgirl", "écolière", "f"],
    ["saleswoman", "vendeuse", "f", "saleswomen"],
    ["wizard", "sorcier", "m"],
    ["witch", "sorcière", "f"],
    ["hero", "héros", "m", "heroes"],
  ]),
];

// Always with a possessive, so that `son` and `daughter` are told from `boy` and `girl`.
export const FAMILY = [
  ...nouns(
    2,
    "family",
    [
      ["father", "père", "m"],
      ["mother", "mère", "f"],
      ["grandfather", "grand-père", "m"],
      ["grandmother", "grand-mère", "f"],
    ],
    { singular: true },
  ),
  ...nouns(2, "family", [
    ["brother", "frère", "m"],
    ["sister", "sœur", "f"],
    ["son", "fils", "m"],
    ["daughter", "fille", "f"],
    ["uncle", "oncle", "m"],
    ["aunt", "tante", "f"],
    ["nephew", "neveu", "m"],
    ["niece", "nièce", "f"],
  ]),
];
