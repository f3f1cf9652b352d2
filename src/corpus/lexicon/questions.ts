import { expressions } from "./expression.js";

/** Words that open a question, before `est-ce que`. */
export const QUESTION_WORDS = expressions(2, [
  ["where", "où"],
  ["when", "quand"],
  ["why", "pourquoi"],
  ["what", "que"],
  ["who", "qui"],
]);

/** Polite forms of address: beside them, "you" is vous. */
export const ADDRESSES = expressions(2, [
  ["sir", "monsieur"],
  ["madam", "madame"],
]);
