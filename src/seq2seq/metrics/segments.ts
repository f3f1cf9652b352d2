import { checkTexts } from "../text/checkText.js";

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

/** Throws `RangeError` unless there are as many references as hypotheses, and at least one of each. */
export function checkCorpus(operation: string, hypotheses: readonly string[], references: readonly string[]): void {
  checkTexts(operation, "hypotheses", hypotheses);
  checkTexts(operation, "references", references);
  const counts = `${hypotheses.length} hypotheses and ${references.length} references`;
  if (hypotheses.length !== references.length) {
    throw new RangeError(`${operation}: expected as many references as hypotheses, got ${counts}`);
  }
  if (hypotheses.length === 0) throw new RangeError(`${operation}: expected at least one of each, got ${counts}`);
}
