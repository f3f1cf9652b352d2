import type { Space } from "../space.js";
import type { Level } from "../types.js";
import type { Sentence } from "./sentence.js";

/** One way of building sentences. No sentence comes out of two constructions. */
export interface Construction {
  readonly name: string;
  readonly level: Level;
  /** How often it is drawn, against the others of its level. */
  readonly weight: number;
  /** Its sentences, in groups that are drawn from equally often however large they are. */
  readonly groups: readonly Space<Sentence>[];
}

/** A row of a level's table of constructions. */
export function construction(
  name: string,
  level: Level,
  weight: number,
  groups: readonly Space<Sentence>[],
): Construction {
  return { name, level, weight, groups };
}
