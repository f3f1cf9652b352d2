import type { StepReport } from "../seq2seq/index.js";

/** How often a line is printed where it cannot be redrawn. */
const PLAIN_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 200;

/** Less than this tells nothing of speed: the first steps are slower than the rest. */
const LEAST_SECONDS = 2;
const LEAST_STEPS = 10;

/**
 * Training progress on stderr: one line redrawn in place on a terminal, a plain line now and then when piped.
 * Speed and time left are measured from the end of this run's first step, as what comes before it does not come again.
 */
export class ProgressLine {
  readonly #epochs: number;
  readonly #deadline: number;
  #began = Number.NaN;
  readonly #isTerminal = process.stderr.isTTY === true;
  #stepsDone = 0;
  #tokens = 0;
  #loss = Number.NaN;
  #lastShown = performance.now();
  #drawn = false;

  constructor(epochs: number, maxMinutes: number | undefined) {
    this.#epochs = epochs;
    this.#deadline = maxMinutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + maxMinutes * 60_000;
  }

  step({ epoch, step, stepsPerEpoch, loss, tokens }: StepReport): void {
    const now = performance.now();
    if (Number.isNaN(this.#began)) this.#began = now;
    else {
      this.#stepsDone++;
      this.#tokens += tokens;
    }
    // Smoothed over about fifty steps: a single batch says little.
    this.#loss = Number.isNaN(this.#loss) ? loss : this.#loss + 0.02 * (loss - this.#loss);
    if (now - this.#lastShown < (this.#isTerminal ? DRAW_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#lastShown = now;
    const stepsLeft = (this.#epochs - epoch + 1) * stepsPerEpoch - step;
    this.#show(
      `epoch ${epoch}/${this.#epochs}  step ${step}/${stepsPerEpoch}  loss ${this.#loss.toFixed(3)}${this.#pace(now, stepsLeft)}`,
    );
  }

  /** Speed and time left, once there is enough to tell them by. */
  #pace(now: number, stepsLeft: number): string {
    const seconds = (now - this.#began) / 1000;
    if (seconds < LEAST_SECONDS || this.#stepsDone < LEAST_STEPS) return "";
    const left = Math.min((stepsLeft * seconds) / this.#stepsDone, (this.#deadline - now) / 1000);
    const speed = Math.round(this.#tokens / seconds).toLocaleString("en");
    return `  ${speed} tokens/s  ${duration(left)} left`;
  }

  /** A line that stays. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  /** Takes the drawn line away, so that what comes next, an error perhaps, does not stand behind it. */
  clear(): void {
    if (this.#drawn) process.stderr.write("\r\x1b[K");
    this.#drawn = false;
  }

  #show(text: string): void {
    // A line that wraps could not be redrawn in place.
    const fitting = text.slice(0, (process.stderr.columns || 80) - 1);
    process.stderr.write(this.#isTerminal ? `\r\x1b[K${fitting}` : `${text}\n`);
    this.#drawn = this.#isTerminal;
  }
}

/** Seconds as people say them: `45 s`, `3 min 20 s`, `1 h 05 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
