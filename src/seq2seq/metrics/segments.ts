import { show } from "../../show.js";
import { checkText, checkTexts } from "../text/checkText.js";

/** One reference to each hypothesis, or several such lists: of each, the first references to all, the second, and so on. */
export type References = readonly string[] | readonly (readonly string[])[];

// Python's idea of white space, which the scores are defined by: it counts U+001C to U+001F, which JavaScript's \s does
// not, and leaves out U+FEFF, which \s counts.
const SPACE = String.raw`\p{White_Space}\u001c-\u001f`;
const SPACE_AT_END = new RegExp(`[${SPACE}]`, "u");
const WORDS = new RegExp(`[^${SPACE}]+`, "gu");

/** The stretches of `text` between white space. */
export function splitAtSpace(text: string): string[] {
  return text.match(WORDS) ?? [];
}

/** `text` without the white space at its end. */
export function trimSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE_AT_END.test(text[end - 1])) end--;
  return text.slice(0, end);
}

/**
 * The lists of references. Throws `RangeError` unless each has as many as there are hypotheses, and at least one, and
 * `TypeError` on what is no list of texts.
 */
export function checkCorpus(
  operation: string,
  hypotheses: readonly string[],
  references: References,
): readonly (readonly string[])[] {
  checkTexts(operation, "hypotheses", hypotheses);
  const lists = isNested(references) ? references : [references as readonly string[]];
  for (const [i, list] of lists.entries()) {
    checkTexts(operation, "references", list);
    const which = lists.length > 1 ? ` in list ${i}` : "";
    const counts = `${hypotheses.length} hypotheses and ${list.length} references${which}`;
    if (hypotheses.length !== list.length) {
      throw new RangeError(`${operation}: expected as many references as hypotheses, got ${counts}`);
    }
    if (hypotheses.length === 0) throw new RangeError(`${operation}: expected at least one of each, got ${counts}`);
  }
  return lists;
}

/** The references of a single sentence. Throws `TypeError` on what is no text or list of texts, `RangeError` on none. */
export function checkSentence(
  operation: string,
  hypothesis: string,
  references: string | readonly string[],
): readonly string[] {
  checkText(operation, hypothesis);
  if (!Array.isArray(references)) {
    checkText(operation, references);
    return [references as string];
  }
  checkTexts(operation, "references", references);
  if (references.length === 0) throw new RangeError(`${operation}: expected a reference, got ${show(references)}`);
  return references;
}

function isNested(references: References): references is readonly (readonly string[])[] {
  return Array.isArray(references) && references.length > 0 && references.every((list) => Array.isArray(list));
}
