import { plain } from "./plain.js";

/** How often a line is printed where it cannot be redrawn. */
const PLAIN_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 200;

/** Progress on stderr: one line redrawn in place on a terminal, a plain line now and then when piped. */
export class StatusLine {
  readonly #isTerminal = process.stderr.isTTY === true;
  #lastShown = performance.now();
  #drawn = false;

  /** Shows what `text` gives, if the last one is old enough. */
  update(text: () => string): void {
    const now = performance.now();
    if (now - this.#lastShown < (this.#isTerminal ? DRAW_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#lastShown = now;
    const line = plain(text());
    // A line that wraps could not be redrawn in place.
    const fitting = line.slice(0, (process.stderr.columns || 80) - 1);
    process.stderr.write(this.#isTerminal ? `\r\x1b[K${fitting}` : `${line}\n`);
    this.#drawn = this.#isTerminal;
  }

  /** A line that stays. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${plain(text)}\n`);
  }

  /** Takes the drawn line away, so that what comes next, an error perhaps, does not stand behind it. */
  clear(): void {
    if (this.#drawn) process.stderr.write("\r\x1b[K");
    this.#drawn = false;
  }
}
