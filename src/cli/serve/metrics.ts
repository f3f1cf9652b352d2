/** Upper bounds of the seconds that a request takes. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** And of the texts of a batch. */
const TEXTS = [1, 2, 4, 8, 16, 32, 64, 128];

/** What is asked for when somebody looks. */
export interface Gauges {
  readonly waiting: number;
  readonly running: number;
  readonly connections: number;
}

/** What the server counts, as Prometheus reads it (text format 0.0.4). */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #seconds = new Histogram(SECONDS);
  readonly #batches = new Histogram(TEXTS);
  #texts = 0;

  /** A request was answered; `path` is one of those that there are. */
  answered(path: string, status: number): void {
    const labels = `{path="${path}",code="${status}"}`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
  }

  /** Some texts of a request were translated. */
  translated(texts: number, seconds: number): void {
    this.#texts += texts;
    this.#seconds.add(seconds);
  }

  /** A batch was computed. */
  batched(texts: number): void {
    this.#batches.add(texts);
  }

  text({ waiting, running, connections }: Gauges): string {
    const { rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const one = (value: number): string[] => [` ${value}`];
    const requests = [...this.#requests].map(([labels, count]) => `${labels} ${count}`);
    return [
      family("seqgrad_requests_total", "counter", "Requests answered, by path and status.", requests),
      family("seqgrad_texts_total", "counter", "Texts translated.", one(this.#texts)),
      family("seqgrad_request_seconds", "histogram", "Seconds to a translation.", this.#seconds.samples()),
      family("seqgrad_batch_texts", "histogram", "Texts translated at once.", this.#batches.samples()),
      family("seqgrad_texts_waiting", "gauge", "Texts in the queue.", one(waiting)),
      family("seqgrad_texts_running", "gauge", "Texts being translated.", one(running)),
      family("seqgrad_connections", "gauge", "Clients connected.", one(connections)),
      family("process_resident_memory_bytes", "gauge", "Resident memory.", one(rss)),
      family("process_cpu_seconds_total", "counter", "Seconds of processors.", one((user + system) / 1e6)),
      family("process_start_time_seconds", "gauge", "When it began, since 1970.", one(performance.timeOrigin / 1000)),
    ].join("");
  }
}

/** How many values were at most so large, for each of some bounds. */
class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  add(value: number): void {
    this.#sum += value;
    this.#count++;
    this.#bounds.forEach((bound, i) => {
      if (value <= bound) this.#counts[i]++;
    });
  }

  samples(): string[] {
    const buckets = this.#bounds.map((bound, i) => `_bucket{le="${bound}"} ${this.#counts[i]}`);
    return [...buckets, `_bucket{le="+Inf"} ${this.#count}`, `_sum ${this.#sum}`, `_count ${this.#count}`];
  }
}

/** One metric; each sample is what stands behind its name. */
function family(name: string, type: string, help: string, samples: readonly string[]): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((own) => name + own.trimEnd()), ""].join(
    "\n",
  );
}
