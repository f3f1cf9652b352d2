// Whether memory stays as it is over a long run.

/** How many times a run looks at its memory. */
export const SAMPLES = 24;

/**
 * From the means of the middle third of some samples to those of the last, by name, and what each may have grown by, all in
 * bytes and MB: whether none grew by more, and a line that tells it. (The first third is for caches to fill, and compiled code.)
 */
export function flatness(samples, allowedMB) {
  const [first, second] = [samples.slice(SAMPLES / 3, (2 * SAMPLES) / 3), samples.slice((2 * SAMPLES) / 3)];
  const growth = Object.entries(allowedMB).map(([name, allowed]) => {
    const added = mb(mean(second.map((one) => one[name])) - mean(first.map((one) => one[name])));
    return { name, added, allowed };
  });
  const isFlat = samples.length >= SAMPLES - 1 && growth.every(({ added, allowed }) => added <= allowed);
  const told = growth.map(
    ({ name, added, allowed }) => `${name} ${added >= 0 ? "+" : ""}${added} MB (at most ${allowed})`,
  );
  return {
    isFlat,
    told: `memory ${isFlat ? "flat" : "NOT flat"} from the middle third to the last: ${told.join(", ")}`,
  };
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
export const mb = (bytes) => Number((bytes / 2 ** 20).toFixed(1));
