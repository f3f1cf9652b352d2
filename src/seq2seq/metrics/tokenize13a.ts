import { splitAtSpace } from "./segments.js";

// Every printable ASCII sign (and the space) except ' , - and the full stop.
const SIGN = /([ -&(-+/:-@[-`{-~])/g;
const POINT_AFTER_NON_DIGIT = /([^0-9])([.,])/gu;
const POINT_BEFORE_NON_DIGIT = /([.,])([^0-9])/gu;
const DASH_AFTER_DIGIT = /([0-9])(-)/g;

/**
 * The tokens of one segment by the rules of mteval-v13a.pl, NIST's scoring script, in the form sacreBLEU gave them (Post,
 * "A Call for Clarity in Reporting BLEU Scores", 2018): signs stand alone, and full stops and commas do unless between
 * digits.
 *
 * @example
 * tokenize13a("It's 3.5 &lt; 4."); // ["It's", "3.5", "<", "4", "."]
 */
export function tokenize13a(segment: string): string[] {
  const plain = segment
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  // The order matters: each rule sees the spaces that those before it put in, and the two at the ends.
  const spaced = ` ${plain} `
    .replace(SIGN, " $1 ")
    .replace(POINT_AFTER_NON_DIGIT, "$1 $2 ")
    .replace(POINT_BEFORE_NON_DIGIT, " $1 $2")
    .replace(DASH_AFTER_DIGIT, "$1 $2 ");
  return splitAtSpace(spaced);
}
