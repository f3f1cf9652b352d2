const LETTERS = String.raw`\p{L}[\p{L}\p{M}\u200c\u200d]*`;
const WORD_ENDS = String.raw`(?![\p{L}\p{M}\p{N}])`;
const NEGATION = `n['’]t${WORD_ENDS}`;
const CLITIC = `['’](?:s|t|re|ve|ll|d|m)${WORD_ENDS}`;
// The word stops before "n't", so that "do" is one token whether or not it is negated.
const STEM = String.raw`(?!${NEGATION})\p{L}(?:(?!${NEGATION})[\p{L}\p{M}\u200c\u200d])*`;

const PIECES = [
  // French elision: l', qu', jusqu' before a word, a number or an opening quotation mark, or standing apart.
  String.raw`(?<![\p{L}\p{M}\p{N}])(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’](?=[\p{L}\p{N}"«“]|$)`,
  NEGATION,
  CLITIC,
  // Any other apostrophe between letters belongs to its word: aujourd'hui, quelqu'un, O'Brien.
  `${STEM}(?:(?!${CLITIC})['’]${LETTERS})*`,
  String.raw`\p{N}[\p{N}\p{M}]*(?:[.,:]\p{N}[\p{N}\p{M}]*)*`,
  String.raw`\.{2,}|-{2,}`,
  // Whatever is left, one code point at a time, with the marks that sit on it.
  String.raw`[^]\p{M}*`,
].join("|");
/** Compiled when the first text comes: that takes a millisecond, which an import should not. */
let compiledPieces: RegExp | null = null;

const PLAIN_WORD = /^\p{L}+$/u;
const STARTS_LIKE_A_WORD = /^[\p{L}\p{N}]/u;
const HOLDS_A_WORD = /[\p{L}\p{N}]/u;
const ELIDED = /['’]$/u;

/** One piece of a text, and on which sides its token says that no space stands there. */
export interface Piece {
  readonly text: string;
  readonly joinsLeft: boolean;
  readonly joinsRight: boolean;
}

/**
 * Cuts a stretch of text without spaces into pieces whose concatenation is that stretch. Wherever two pieces touch,
 * exactly one of the two is marked as joined, if possible the function word or the sign and not the content word:
 * `l'` + `arbre` marks `l'`, `chien` + `.` marks `.`, and a hyphen between two words is marked on both sides.
 */
export function cutPieces(stretch: string): Piece[] {
  if (PLAIN_WORD.test(stretch)) return cutPlainWord(stretch);
  compiledPieces ??= new RegExp(PIECES, "giu");
  const texts = stretch.match(compiledPieces) ?? [];
  const holdsWord = HOLDS_A_WORD.test(stretch);
  const pieces: Piece[] = [];
  let wordSeen = false;
  let joinsLeft = false;
  for (const [i, text] of texts.entries()) {
    const isWord = STARTS_LIKE_A_WORD.test(text);
    wordSeen ||= isWord;
    const next = texts[i + 1];
    let joinsRight = false;
    if (next !== undefined) {
      if (isWord) joinsRight = ELIDED.test(text);
      // Signs before the first word lean on it; later ones lean on what precedes them.
      else joinsRight = STARTS_LIKE_A_WORD.test(next) || (holdsWord && !wordSeen);
    }
    pieces.push({ text, joinsLeft, joinsRight });
    joinsLeft = !joinsRight;
  }
  return pieces;
}

// Most stretches are one word, which needs no cutting.
function cutPlainWord(text: string): Piece[] {
  return [{ text, joinsLeft: false, joinsRight: false }];
}
