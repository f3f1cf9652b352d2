import { constructions } from "../../src/corpus/grammar/index.js";
import type { Level } from "../../src/corpus/index.js";
import { Generator } from "../../src/tensor/random.js";

/** One sentence of every construction of a level, or several when it has few: the rows of the table in docs/corpus.md. */
export function samplesOf(level: Level): readonly string[] {
  const generator = new Generator(level);
  const ofLevel = constructions().filter((construction) => construction.level === level);
  const perConstruction = Math.ceil(20 / ofLevel.length);
  return ofLevel.flatMap(({ name, groups }) => {
    const filled = groups.filter(({ size }) => size > 0);
    return Array.from({ length: perConstruction }, () => {
      const group = filled[generator.integer(filled.length)];
      const { source, target } = group.at(generator.integer(group.size));
      return `| ${name} | ${source} | ${target} |`;
    });
  });
}
