// English that the built-in corpus does not write and people type all the same, for `pretrain.mjs`.

/** Past or future may be what a verb behind these is in, or no verb of its own. */
const ELSEWHERE =
  /\b(will|did|was|were|to|can|cannot|must|never|always|often|rarely|sometimes|when|last|ago|yesterday)\b/i;
/** Their past is written as their present. */
const TIMELESS = ["read", "cut"];

/**
 * What puts a sentence of the corpus into the present progressive, for which French has its one present: "The cat sleeps."
 * becomes "The cat is sleeping.". It knows the verbs that are in the past progressive somewhere in `sources`, and gives
 * null of a sentence that it cannot change.
 */
export function progressive(sources) {
  const text = sources.join("\n");
  const words = new Set(text.match(/\p{L}+/gu));
  const bases = new Set(Array.from(text.matchAll(/\b(?:will|not|must|to) (\p{L}+)/gu), ([, word]) => word));
  const known = (candidates) => candidates.find((word) => words.has(word));
  const ofBase = new Map();
  const ofThird = new Map();
  for (const [, ing] of text.matchAll(/\b(?:was|were) (?:not )?(\p{L}+ing)\b/gu)) {
    const stem = ing.slice(0, -3);
    const base = [stem, `${stem}e`, stem.slice(0, -1)].find((word) => bases.has(word));
    if (base === undefined || ofBase.has(base)) continue;
    ofBase.set(base, ing);
    const third = known([`${base}s`, `${base}es`, `${base.slice(0, -1)}ies`]);
    if (third !== undefined) ofThird.set(third, ing);
  }
  const be = (subject) => (subject === "I" ? "am" : "are");
  return (sentence) => {
    if (ELSEWHERE.test(sentence)) return null;
    const parts = sentence.split(/([^\p{L}']+)/u); // words, and what stands between them
    const place = parts.findIndex((word, i) => i > 0 && (ofThird.has(word) || ofBase.has(word)));
    if (place < 0) return null;
    const [verb, before] = [parts[place], parts[place - 2]];
    const ing = ofThird.get(verb) ?? ofBase.get(verb);
    const [first] = parts;
    if (/^(Do|Does)$/.test(first)) {
      const start = first === "Does" ? "Is" : parts[2] === "I" ? "Am" : "Are";
      return [start, ...parts.slice(1, place), ing, ...parts.slice(place + 1)].join("");
    }
    if (before === "not") {
      const own = parts[place - 4] === "does" ? "is" : be(parts[place - 6]);
      return [...parts.slice(0, place - 4), own, " not ", ing, ...parts.slice(place + 1)].join("");
    }
    if (/\b(do|does)\b/i.test(sentence) || (!ofThird.has(verb) && TIMELESS.includes(verb))) return null;
    const own = ofThird.has(verb) ? "is" : be(before);
    return [...parts.slice(0, place), `${own} ${ing}`, ...parts.slice(place + 1)].join("");
  };
}
