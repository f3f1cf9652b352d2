// French as it is typed in haste.

const LETTER = /\p{L}/u;

/**
 * A text with slips: each letter is dropped, doubled or swapped with the next one, as likely each, with a chance of `slips`
 * in all; where it has an accent or a cedilla, that is missing with a chance of `accents`.
 */
export function mistype(text, generator, { slips = 0.03, accents = 0.5 } = {}) {
  const letters = Array.from(text, (letter) => (generator.random() < accents ? withoutAccent(letter) : letter));
  let typed = "";
  for (let i = 0; i < letters.length; i++) {
    const [letter, next = ""] = letters.slice(i);
    if (!LETTER.test(letter) || generator.random() >= slips) {
      typed += letter;
      continue;
    }
    const slip = ["drop", "double", "swap"][generator.integer(3)];
    if (slip === "double") typed += letter + letter;
    if (slip !== "swap") continue;
    typed += LETTER.test(next) ? next + letter : letter;
    if (LETTER.test(next)) i++;
  }
  return typed;
}

/** The same, typed again until there is something wrong with it. */
export function damage(text, generator, options) {
  let typed = text;
  while (typed === text) typed = mistype(text, generator, options);
  return typed;
}

function withoutAccent(letter) {
  return letter.normalize("NFD").replace(/\p{M}/gu, "");
}
