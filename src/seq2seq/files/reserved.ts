/** The names of what a store keeps beside the files; a user's own never look like them. */

/** Says who writes to a folder. Who takes over from a process that is gone makes `LOCK.ID` first. */
export const LOCK = "seqgrad.lock";

/** Lists the new files that count but may not have moved to their places yet. */
export const JOURNAL = "seqgrad.journal";

/** Where a file is written before it moves to its place. */
export function freshName(name: string): string {
  return `${name}.seqgrad.new`;
}

/** Whether a store keeps this name for itself. */
export function isReserved(name: string): boolean {
  return name.startsWith("seqgrad.") || name.endsWith(freshName(""));
}

/** Whether, with no journal about, a file of this name is of no use to anybody. */
export function isLeftover(name: string): boolean {
  return name.endsWith(freshName("")) || name.startsWith(`${LOCK}.`);
}
