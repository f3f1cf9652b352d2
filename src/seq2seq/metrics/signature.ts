import { version } from "../../version.js";

/** A signature as sacreBLEU writes it; the rules behind it are those of its version 2, the program is this one. */
export function signature(lowercase: boolean, particulars: string): string {
  return `nrefs:1|case:${lowercase ? "lc" : "mixed"}|${particulars}|version:seqgrad-${version}`;
}
