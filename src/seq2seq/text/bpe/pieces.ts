/** On a piece's right end: the word goes on. */
const MARK = "@@";

/** A piece as a token. */
export function markPiece(text: string, isLast: boolean): string {
  return isLast ? text : text + MARK;
}

/** Whether the word goes on after this piece. */
export function goesOn(piece: string): boolean {
  return piece.endsWith(MARK);
}

/** What the piece stands for, without the mark. */
export function pieceText(piece: string): string {
  return goesOn(piece) ? piece.slice(0, -MARK.length) : piece;
}

/** The pieces of each word. Any pieces will do: a word that is never ended ends with the text. */
export function groupPieces(pieces: readonly string[]): string[][] {
  const words: string[][] = [];
  let isOpen = false;
  for (const piece of pieces) {
    if (isOpen) words[words.length - 1].push(piece);
    else words.push([piece]);
    isOpen = goesOn(piece);
  }
  return words;
}
