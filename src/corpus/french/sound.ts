/** Words whose first letter is a vowel or an h, and before which French neither elides nor links all the same. */
const ASPIRATED = new Set("hamster hamsters haricot haricots harpe héros hibou hiboux huit onze".split(" "));

/**
 * Whether `le`, `je`, `de`… lose their vowel before `word`, and `ma`, `beau`, `ce`… take their other form:
 * true before a vowel and a mute h, false before an aspirated one.
 *
 * @example
 * startsWithVowelSound("homme"); // true
 * startsWithVowelSound("hibou"); // false
 */
export function startsWithVowelSound(word: string): boolean {
  return (word === "y" || /^[aâàeéèêiîoôœuûh]/i.test(word)) && !ASPIRATED.has(word.toLowerCase());
}
