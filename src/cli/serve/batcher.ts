/** What came of one thing of a batch. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: Error };

/**
 * Computes a batch: one outcome for each thing, in their order. `signal` says that nobody waits for it any more; what is
 * returned then does not matter.
 */
export type Compute<Work, Result> = (
  batch: readonly Work[],
  signal: AbortSignal,
) => Promise<readonly Outcome<Result>[]>;

export interface BatcherOptions<Work> {
  /** How many things a batch holds at most. */
  readonly size: number;
  /** And how much they weigh together at most, if they are several. */
  readonly weight: number;
  readonly weigh: (work: Work) => number;
  /** How long the first one waits for others, in milliseconds. */
  readonly gather: number;
  /** How many may wait. */
  readonly queue: number;
  /** The error of the thing at a place among those that were asked for together, as they are told it. */
  readonly blame: (error: Error, place: number) => Error;
}

/** Thrown where no more may wait. */
export class QueueFull extends Error {}

/** Things that were asked for together: all are answered, or none. */
interface Group<Result> {
  readonly results: Result[];
  missing: number;
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal;
}

interface Waiting<Work, Result> {
  readonly work: Work;
  readonly key: string;
  /** Its place in the group. */
  readonly place: number;
  readonly group: Group<Result>;
  readonly since: number;
}

/**
 * Gathers what many ask for into batches, one of which is computed at a time. The first in the queue chooses: all with its
 * `key` go with it, up to the size and weight of a batch, in the order in which they came. A batch that is not full begins once its
 * first has waited for others; while another is computed, it has.
 */
export class Batcher<Work, Result> {
  readonly #compute: Compute<Work, Result>;
  readonly #options: BatcherOptions<Work>;
  #queue: Waiting<Work, Result>[] = [];
  #running: readonly Waiting<Work, Result>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(compute: Compute<Work, Result>, options: BatcherOptions<Work>) {
    this.#compute = compute;
    this.#options = options;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** How many are being computed. */
  get running(): number {
    return this.#running.length;
  }

  /**
   * The results of some things that go into batches with others of the same key. Throws {@link QueueFull} where not all of
   * them may wait; rejects with the error of the first that has one, or with the signal's reason once it is aborted: what
   * still waits then is never computed.
   */
  async add(key: string, works: readonly Work[], signal: AbortSignal): Promise<Result[]> {
    signal.throwIfAborted();
    if (this.#queue.length + works.length > this.#options.queue) {
      throw new QueueFull(`expected at most ${this.#options.queue} texts to wait, got ${this.#queue.length} already`);
    }
    if (works.length === 0) return [];
    const since = performance.now();
    return new Promise((resolve, reject) => {
      const group = { results: new Array<Result>(works.length), missing: works.length, resolve, reject, signal };
      works.forEach((work, place) => {
        this.#queue.push({ work, key, place, group, since });
      });
      signal.addEventListener("abort", () => this.#drop(group, signal.reason), { once: true });
      this.#next();
    });
  }

  #drop(group: Group<Result>, error: Error): void {
    group.reject(error);
    this.#queue = this.#queue.filter((own) => own.group !== group);
  }

  /** Begins a batch if there is one to begin, or sees to it that this is looked at again. */
  #next(): void {
    clearTimeout(this.#timer);
    const [first] = this.#queue;
    if (this.#running.length > 0 || first === undefined) return;
    const { size, gather } = this.#options;
    const alike = this.#queue.filter(({ key }) => key === first.key);
    const batch = alike.slice(0, this.#fitting(alike));
    const left = first.since + gather - performance.now();
    if (batch.length < size && batch.length === alike.length && left > 0) {
      this.#timer = setTimeout(() => this.#next(), left);
      return;
    }
    const taken = new Set(batch);
    this.#queue = this.#queue.filter((own) => !taken.has(own));
    void this.#run(batch);
  }

  /** How many of these, the first of which fits in any case, go into one batch. */
  #fitting(alike: readonly Waiting<Work, Result>[]): number {
    const { size, weight, weigh } = this.#options;
    let total = 0;
    let count = 0;
    for (const { work } of alike.slice(0, size)) {
      total += weigh(work);
      if (count > 0 && total > weight) break;
      count++;
    }
    return count;
  }

  async #run(batch: readonly Waiting<Work, Result>[]): Promise<void> {
    this.#running = batch;
    const abandoned = new AbortController();
    const groups = new Set(batch.map(({ group }) => group));
    const look = (): void => {
      if ([...groups].every(({ signal }) => signal.aborted)) abandoned.abort();
    };
    for (const { signal } of groups) signal.addEventListener("abort", look);
    try {
      const outcomes = await this.#compute(
        batch.map(({ work }) => work),
        abandoned.signal,
      );
      batch.forEach((own, i) => {
        this.#settle(own, outcomes[i]);
      });
    } catch (error) {
      for (const group of groups) this.#drop(group, error as Error);
    } finally {
      for (const { signal } of groups) signal.removeEventListener("abort", look);
      this.#running = [];
      this.#next();
    }
  }

  #settle({ group, place }: Waiting<Work, Result>, outcome: Outcome<Result>): void {
    if ("error" in outcome) {
      this.#drop(group, this.#options.blame(outcome.error, place));
      return;
    }
    group.results[place] = outcome.result;
    group.missing--;
    if (group.missing === 0) group.resolve(group.results);
  }
}
