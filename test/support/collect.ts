import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects all garbage now, without the test runner being started with a flag. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  // A WeakRef read in this turn stays alive until the next one.
  await new Promise((resolve) => setImmediate(resolve));
  gc(); // ends a collection that had begun before, which keeps what it has found alive so far
  gc();
}
