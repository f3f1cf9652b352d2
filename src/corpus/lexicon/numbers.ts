import type { Gender } from "../types.js";

export interface NumberWord {
  readonly value: number;
  readonly english: string;
  readonly french: Readonly<Record<Gender, string>>;
}

const number = (value: number, english: string, m: string, f = m): NumberWord => ({ value, english, french: { m, f } });

/** The numbers that count nouns; those in `un` agree. */
export const NUMBERS: readonly NumberWord[] = [
  number(1, "one", "un", "une"),
  number(2, "two", "deux"),
  number(3, "three", "trois"),
  number(4, "four", "quatre"),
  number(5, "five", "cinq"),
  number(6, "six", "six"),
  number(7, "seven", "sept"),
  number(8, "eight", "huit"),
  number(9, "nine", "neuf"),
  number(10, "ten", "dix"),
  number(11, "eleven", "onze"),
  number(12, "twelve", "douze"),
  number(20, "twenty", "vingt"),
  number(21, "twenty-one", "vingt et un", "vingt et une"),
  number(30, "thirty", "trente"),
];
