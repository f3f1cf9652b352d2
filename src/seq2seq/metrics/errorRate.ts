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
 * Where several ways are equally short, the last edit is a substitution rather than a deletion, and that rather than an insertion.
 * Each d comes with how many of its edits are substitutions and how many deletions, so that one row is all that is kept.
 */
function editsBetween(hypothesis: readonly string[], reference: readonly string[]): Edits {
  const [from, to] = numbered(hypothesis, reference);
  const edits = Uint32Array.from({ length: to.length + 1 }, (_, j) => j); // d[i, ·], and up to j that of the row before
  const kinds = Float64Array.from(edits); // SUBSTITUTION · substitutions + deletions
  for (let i = 1; i <= from.length; i++) {
    const token = from[i - 1];
    let asideEdits = edits[0]; // d[i−1, j−1]
    let asideKinds = 0;
    edits[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const change = token === to[j - 1] ? 0 : 1;
      const above = edits[j];
      const aboveKinds = kinds[j];
      const aside = asideEdits + change;
      const left = edits[j - 1] + 1;
      if (aside <= left && aside <= above + 1) {
        edits[j] = aside;
        kinds[j] = asideKinds + change * SUBSTITUTION;
      } else if (left <= above + 1) {
        edits[j] = left;
        kinds[j] = kinds[j - 1] + 1;
      } else edits[j] = above + 1;
      asideEdits = above;
      asideKinds = aboveKinds;
    }
  }
  const [total, kept] = [edits[to.length], kinds[to.length]];
  const [substitutions, deletions] = [Math.floor(kept / SUBSTITUTION), kept % SUBSTITUTION];
  return { substitutions, deletions, insertions: total - substitutions - deletions };
}

/** Two counts in one number: more than a text can have tokens, and exact beside as many. */
const SUBSTITUTION = 2 ** 26;

/** Lists of tokens as numbers, equal ones for equal tokens: these are compared faster. */
function numbered(...lists: (readonly string[])[]): Uint32Array[] {
  const numbers = new Map<string, number>();
  return lists.map((tokens) =>
    Uint32Array.from(tokens, (token) => {
      const known = numbers.get(token);
      if (known !== undefined) return known;
      numbers.set(token, numbers.size);
      return numbers.size - 1;
    }),
  );
}
