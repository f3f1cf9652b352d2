import type { Generator } from "../tensor/random.js";
import { constructions } from "./grammar/index.js";
import type { Sentence } from "./grammar/sentence.js";
import type { Level } from "./types.js";
import { Urn } from "./urn.js";

/** How much of a draw each level gets: the newest constructions come most. */
const LEVEL_SHARE: Readonly<Record<Level, number>> = { 1: 1, 2: 2, 3: 3 };

interface Source {
  readonly weight: number;
  /** The groups of one construction that still hold sentences. */
  readonly urns: Urn<Sentence>[];
}

function sourcesOf(level: Level): Source[] {
  const known = constructions().filter((construction) => construction.level <= level);
  return known.map(({ level: own, weight, groups }) => {
    const peers = known.filter((construction) => construction.level === own);
    const total = peers.reduce((sum, peer) => sum + peer.weight, 0);
    return {
      weight: (LEVEL_SHARE[own] * weight) / total,
      urns: groups.filter(({ size }) => size > 0).map((group) => new Urn(group)),
    };
  });
}

function weighted(sources: readonly Source[], total: number, generator: Generator): Source {
  let rest = generator.random() * total;
  for (const source of sources) {
    rest -= source.weight;
    if (rest < 0) return source;
  }
  // Rounding may leave a crumb past the last one.
  return sources[sources.length - 1];
}

const totalWeight = (sources: readonly Source[]): number => sources.reduce((sum, { weight }) => sum + weight, 0);

/** Every sentence of a level once, in an order that the generator decides: a construction, a group in it, a sentence. */
export function* drawAll(level: Level, generator: Generator): IterableIterator<Sentence> {
  const sources = sourcesOf(level);
  let total = totalWeight(sources);
  while (sources.length > 0) {
    const source = weighted(sources, total, generator);
    const index = generator.integer(source.urns.length);
    const urn = source.urns[index];
    yield urn.draw(generator);
    if (urn.empty) source.urns.splice(index, 1);
    if (source.urns.length === 0) {
      sources.splice(sources.indexOf(source), 1);
      total = totalWeight(sources);
    }
  }
}
