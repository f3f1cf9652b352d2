import type { StepEvent } from "../seq2seq/index.js";
import { StatusLine } from "./statusLine.js";

/** Less than this tells nothing of speed: the first steps are slower than the rest. */
const LEAST_SECONDS = 2;
const LEAST_STEPS = 10;

/**
 * Training progress on stderr. Speed and time left are measured from the end of this run's first step, as what comes
 * before it does not come again.
 */
export class ProgressLine extends StatusLine {
  readonly #epochs: number;
  readonly #deadline: number;
  #began = Number.NaN;
  #stepsDone = 0;
  #tokens = 0;
  #loss = Number.NaN;

  constructor(epochs: number, maxMinutes = Number.POSITIVE_INFINITY) {
    super();
    this.#epochs = epochs;
    this.#deadline = performance.now() + maxMinutes * 60_000;
  }

  step({ epoch, stepInEpoch, stepsPerEpoch, loss, count, skipped }: StepEvent): void {
    if (Number.isNaN(this.#began)) this.#began = performance.now();
    else {
      this.#stepsDone++;
      this.#tokens += count;
    }
    // Smoothed over about fifty steps: a single batch says little.
    if (skipped === undefined) this.#loss = Number.isNaN(this.#loss) ? loss : this.#loss + 0.02 * (loss - this.#loss);
    this.update(() => {
      const place = `epoch ${epoch}/${this.#epochs}  step ${stepInEpoch}/${stepsPerEpoch}`;
      const stepsLeft = (this.#epochs - epoch + 1) * stepsPerEpoch - stepInEpoch;
      return `${place}  loss ${this.#loss.toFixed(3)}${this.#pace(stepsLeft)}`;
    });
  }

  /** Speed and time left, once there is enough to tell them by. */
  #pace(stepsLeft: number): string {
    const now = performance.now();
    const seconds = (now - this.#began) / 1000;
    if (seconds < LEAST_SECONDS || this.#stepsDone < LEAST_STEPS) return "";
    const left = Math.min((stepsLeft * seconds) / this.#stepsDone, (this.#deadline - now) / 1000);
    const speed = Math.round(this.#tokens / seconds).toLocaleString("en");
    return `  ${speed} tokens/s  ${duration(left)} left`;
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
