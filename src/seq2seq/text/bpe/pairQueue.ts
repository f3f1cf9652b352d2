import { compareCodePoints } from "../codePoints.js";

/** Two symbols side by side, and how often they are in the words being learned from. */
export interface Pair {
  readonly left: string;
  readonly right: string;
  count: number;
  /** The count by which the queue last placed it; 0 when it is not in the queue. */
  queued: number;
}

/** A place in the queue, which outlives changes of the pair's count. */
interface Place<P extends Pair> {
  readonly pair: P;
  readonly count: number;
}

/**
 * Gives the most frequent pair; of equal ones the last in code point order. A binary heap in which a pair whose count
 * fell stays where it is until it comes up: most never do.
 */
export class PairQueue<P extends Pair> {
  readonly #heap: Place<P>[] = [];

  /** Places a pair that is new, or whose count may have risen above the one it is placed by. */
  place(pair: P): void {
    if (pair.count <= pair.queued) return;
    pair.queued = pair.count;
    this.#push({ pair, count: pair.count });
  }

  /** Takes the first pair out; null when all counts are 0. */
  take(): P | null {
    while (this.#heap.length > 0) {
      const { pair, count } = this.#pop();
      if (count !== pair.queued) continue; // it has another place
      pair.queued = 0;
      if (pair.count === count) return pair;
      this.place(pair);
    }
    return null;
  }

  #push(place: Place<P>): void {
    const heap = this.#heap;
    let at = heap.push(place) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(place, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = place;
  }

  /** The first place of a heap that has one. */
  #pop(): Place<P> {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop() as Place<P>;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Place<Pair>, b: Place<Pair>): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return (compareCodePoints(a.pair.left, b.pair.left) || compareCodePoints(a.pair.right, b.pair.right)) > 0;
}
