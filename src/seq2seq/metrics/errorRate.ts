import { checkCorpus, splitAtSpace } from "./segments.js";

/** How far hypotheses are from their references. */
export interface ErrorRate {
  /** (S + D + I) / N in per cent: 0 is without an error, and more than 100 possible. */
  readonly score: number;
  /** S: tokens of the references in whose place another stands. */
  readonly substitutions: number;
  /** D: tokens of the references that are missing. */
  readonly deletions: number;
  /** I: tokens that are too many. */
  readonly insertions: number;
  /** N: tokens of all references. */
  readonly length: number;
}

/**
 * Word error rate of a corpus: the fewest words that have to be put in, taken out or replaced to make the references of the
 * hypotheses, over the number of words in the references. Words stand between white space, and count as they are written.
 *
 * Throws `RangeError` when the numbers of hypotheses and references differ or are 0, and on references without a word; `TypeError`
 * on what is no list of texts, such as several lists of references.
 *
 * @example
 * wordErrorRate(["one too three"], ["one two three four"]).score; // 50: a substitution and a deletion
 */
export function wordErrorRate(hypotheses: readonly string[], references: readonly string[]): ErrorRate {
  return errorRate("wordErrorRate", hypotheses, references, splitAtSpace);
}

/**
 * Character error rate: the same of Unicode code points, white space among them, where each stretch of it is one space and those
 * at both ends do not count. Throws as {@link wordErrorRate} does.
 *
 * @example
 * characterErrorRate(["fife"], ["five"]).score; // 25
 */
export function characterErrorRate(hypotheses: readonly string[], references: readonly string[]): ErrorRate {
  return errorRate("characterErrorRate", hypotheses, references, (text) => Array.from(splitAtSpace(text).join(" ")));
}

function errorRate(
  op: string,
  hypotheses: readonly string[],
  references: readonly string[],
  tokensOf: (text: string) => string[],
): ErrorRate {
  checkCorpus(op, hypotheses, references);
  if (Array.isArray(references[0])) throw new TypeError(`${op}: expected one list of references, got a list of lists`);
  const sum = { substitutions: 0, deletions: 0, insertions: 0, length: 0 };
  for (const [i, hypothesis] of hypotheses.entries()) {
    const reference = tokensOf(references[i]);
    const edits = editsBetween(tokensOf(hypothesis), reference);
    sum.substitutions += edits.substitutions;
    sum.deletions += edits.deletions;
    sum.insertions += edits.insertions;
    sum.length += reference.length;
  }
  if (sum.length === 0) throw new RangeError(`${op}: expected a token in the references, got none`);
  return { score: (100 * (sum.substitutions + sum.deletions + sum.insertions)) / sum.length, ...sum };
}

/** What makes a reference of a hypothesis. */
interface Edits {
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
}

/**
 * The fewest edits from one list of tokens to another (Levenshtein, 1966): with d[i, j] those of the first i and j tokens,
 *
 *     d[i, j] = min(d[i−1, j−1] + [hypothesis i ≠ reference j], d[i, j−1] + 1, d[i−1, j] + 1)
 *
 * counted by going back from the end; where several ways are equally short, a substitution goes first, then a deletion.
 */
function editsBetween(hypothesis: readonly string[], reference: readonly string[]): Edits {
  const width = reference.length + 1;
  const distance = new Uint32Array((hypothesis.length + 1) * width); // d[i, j] at i · width + j
  for (let j = 1; j < width; j++) distance[j] = j;
  for (let i = 1, at = width; i <= hypothesis.length; i++) {
    distance[at++] = i;
    for (let j = 1; j < width; j++, at++) {
      const change = hypothesis[i - 1] === reference[j - 1] ? 0 : 1;
      distance[at] = Math.min(distance[at - width - 1] + change, distance[at - 1] + 1, distance[at - width] + 1);
    }
  }
  let [substitutions, deletions, insertions] = [0, 0, 0];
  for (let i = hypothesis.length, j = reference.length; i > 0 || j > 0; ) {
    const at = i * width + j;
    const change = i > 0 && j > 0 && hypothesis[i - 1] === reference[j - 1] ? 0 : 1;
    if (i > 0 && j > 0 && distance[at] === distance[at - width - 1] + change) {
      substitutions += change;
      i--;
      j--;
    } else if (j > 0 && distance[at] === distance[at - 1] + 1) {
      deletions++;
      j--;
    } else {
      insertions++;
      i--;
    }
  }
  return { substitutions, deletions, insertions };
}
