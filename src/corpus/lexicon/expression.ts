import type { Level } from "../types.js";

/** Words with one set translation. */
export interface Expression {
  readonly english: string;
  readonly french: string;
  readonly level: Level;
}

/** Reads a table of expressions of one level: English, French. */
export function expressions(level: Level, rows: readonly (readonly [string, string])[]): Expression[] {
  return rows.map(([english, french]) => ({ english, french, level }));
}
