/** The regular plural of a noun. */
export function englishPlural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** `a` or `an`, by the sound the next word starts with. */
export function indefiniteArticle(next: string): "a" | "an" {
  return /^[aeiou]/i.test(next) && !/^uni/.test(next) ? "an" : "a";
}

const IRREGULAR_THIRD: Readonly<Record<string, string>> = { have: "has", go: "goes", do: "does" };

/** The third person singular of the simple present. */
export function thirdPerson(verb: string): string {
  return IRREGULAR_THIRD[verb] ?? englishPlural(verb);
}

const IRREGULAR_PAST: Readonly<Record<string, string>> = {
  buy: "bought",
  choose: "chose",
  come: "came",
  cut: "cut",
  draw: "drew",
  drink: "drank",
  eat: "ate",
  fall: "fell",
  find: "found",
  get: "got",
  give: "gave",
  go: "went",
  have: "had",
  know: "knew",
  leave: "left",
  lose: "lost",
  make: "made",
  meet: "met",
  put: "put",
  read: "read",
  run: "ran",
  see: "saw",
  sell: "sold",
  send: "sent",
  sing: "sang",
  sleep: "slept",
  speak: "spoke",
  swim: "swam",
  take: "took",
  throw: "threw",
  understand: "understood",
  wake: "woke",
  wear: "wore",
  write: "wrote",
};

/** Verbs that double their last consonant before an ending. */
const DOUBLING = new Set(["cut", "get", "put", "run", "swim", "travel"]);

const doubled = (verb: string): string => (DOUBLING.has(verb) ? verb + verb.slice(-1) : verb);

/** The simple past. */
export function pastTense(verb: string): string {
  if (IRREGULAR_PAST[verb]) return IRREGULAR_PAST[verb];
  if (verb.endsWith("e")) return `${verb}d`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${doubled(verb)}ed`;
}

/** The form in -ing. */
export function progressive(verb: string): string {
  return /[^e]e$/.test(verb) ? `${verb.slice(0, -1)}ing` : `${doubled(verb)}ing`;
}
