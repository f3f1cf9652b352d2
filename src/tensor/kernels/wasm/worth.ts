/**
 * Whether sharing work among threads saves time. It does not while the system runs a worker on the calling thread's own core,
 * as it may for seconds on end: they take turns then, and the turns cost something, too. So what a job took is compared with
 * what it would have taken alone, and once sharing has cost some milliseconds, jobs run alone for a while.
 */

/** Milliseconds that sharing may cost before it stops: enough for a system to notice that a core is free, and move a worker. */
const CREDIT_MS = 80;
/** The same when it is tried again. */
const NEW_CREDIT_MS = 20;
/** How long it stops at first, and twice as long each time that it then costs as much again. */
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3000;
/** How fast a quickest piece is forgotten: a core's speed changes. */
const FORGET = 1.01;

export class Worth {
  #credit = CREDIT_MS;
  #pause = FIRST_PAUSE_MS;
  #until = Number.NEGATIVE_INFINITY;
  /** By kind of job, the milliseconds that a piece of it takes where nothing disturbs it. */
  readonly #quickest = new Map<string, number>();

  /** Whether a job is to be shared now. */
  isLikely(now: number): boolean {
    return now >= this.#until;
  }

  /**
   * A shared job of so many equal pieces has ended `now`: what the calling thread's quickest piece took (Infinity if it had
   * none), and what all of it did, in milliseconds.
   */
  count(kind: string, pieces: number, quickest: number, took: number, now: number): void {
    const piece = Math.min(quickest, FORGET * (this.#quickest.get(kind) ?? Number.POSITIVE_INFINITY));
    if (piece === Number.POSITIVE_INFINITY) return;
    if (this.#quickest.size > 1000) this.#quickest.clear();
    this.#quickest.set(kind, piece);
    this.#credit = Math.min(CREDIT_MS, this.#credit + piece * pieces - took);
    if (this.#credit === CREDIT_MS) this.#pause = FIRST_PAUSE_MS;
    if (this.#credit > 0) return;
    this.#until = now + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
    this.#credit = NEW_CREDIT_MS;
  }
}
