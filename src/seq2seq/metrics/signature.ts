import { version } from "../../version.js";

/** How a score was resampled. */
export interface Resampling {
  readonly samples: number;
  readonly seed: number;
}

/** A signature as sacreBLEU writes it; the rules behind it are those of its version 2, the program is this one. */
export function signature(
  references: number,
  lowercase: boolean,
  particulars: string,
  resampling: Resampling | null = null,
): string {
  const resampled = resampling === null ? "" : `|bs:${resampling.samples}|seed:${resampling.seed}`;
  const casing = lowercase ? "lc" : "mixed";
  return `nrefs:${references}${resampled}|case:${casing}|${particulars}|version:seqgrad-${version}`;
}
