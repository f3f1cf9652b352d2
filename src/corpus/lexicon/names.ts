import type { Gender, Level } from "../types.js";

export interface Name {
  readonly name: string;
  readonly gender: Gender;
  readonly level: Level;
}

/** First names written alike in both languages, and borne by one sex only. */
export const NAMES: readonly Name[] = [
  { name: "Paul", gender: "m", level: 1 },
  { name: "Thomas", gender: "m", level: 1 },
  { name: "Lucas", gender: "m", level: 1 },
  { name: "Arthur", gender: "m", level: 1 },
  { name: "Marie", gender: "f", level: 1 },
  { name: "Anna", gender: "f", level: 1 },
  { name: "Julie", gender: "f", level: 1 },
  { name: "Emma", gender: "f", level: 1 },
  { name: "Pierre", gender: "m", level: 2 },
  { name: "Nicolas", gender: "m", level: 2 },
  { name: "Antoine", gender: "m", level: 2 },
  { name: "Louis", gender: "m", level: 2 },
  { name: "Sophie", gender: "f", level: 2 },
  { name: "Alice", gender: "f", level: 2 },
  { name: "Claire", gender: "f", level: 2 },
  { name: "Laura", gender: "f", level: 2 },
];
