/** The known name that somebody may have meant, in whatever spelling (`num_layers` for `numLayers`); null of none. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (name.length > LONGEST) return null;
  const [best] = known
    .map((each) => ({ each, far: distance(plain(each), plain(name)) }))
    .toSorted((a, b) => a.far - b.far);
  return best && best.far <= Math.min(3, name.length / 2) ? best.each : null;
}

/** No name of ours is near a longer one, and comparing takes time in the product of both lengths. */
const LONGEST = 60;

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}

/** How many letters must change, appear or vanish to turn one word into the other (Levenshtein, 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
