import { parseJSON } from "../../json.js";
import { blaming } from "../files/blaming.js";
import { HISTORY } from "../files/modelFolder.js";
import type { RunEvent, ValidationEvent } from "./events.js";

/** What a run went through: the numbers of every step, and every validation. */
export interface History {
  /**
   * One entry a step each: mean loss of the batch (NaN, in JSON null, of a step that was skipped), over how many things,
   * learning rate, seconds since the beginning.
   */
  readonly steps: {
    readonly loss: readonly number[];
    readonly count: readonly number[];
    readonly lr: readonly number[];
    readonly seconds: readonly number[];
  };
  readonly validations: readonly Omit<ValidationEvent, "kind">[];
}

/** Gathers a run's events, beginning with those of the part that it goes on from. */
export class HistoryWriter {
  readonly #loss: number[];
  readonly #count: number[];
  readonly #lr: number[];
  readonly #seconds: number[];
  readonly #validations: Omit<ValidationEvent, "kind">[];

  /** `steps`: how many of the earlier steps count; a run may have gone on past its last checkpoint. */
  constructor(earlier: History = EMPTY, steps = 0) {
    this.#loss = earlier.steps.loss.slice(0, steps);
    this.#count = earlier.steps.count.slice(0, steps);
    this.#lr = earlier.steps.lr.slice(0, steps);
    this.#seconds = earlier.steps.seconds.slice(0, steps);
    this.#validations = earlier.validations.filter(({ step }) => step <= steps);
  }

  add(event: RunEvent): void {
    if (event.kind === "step") {
      this.#loss.push(event.skipped === undefined ? rounded(event.loss) : Number.NaN);
      this.#count.push(event.count);
      this.#lr.push(event.lr);
      this.#seconds.push(rounded(event.seconds));
    } else if (event.kind === "validation") {
      const { kind: _, ...validation } = event;
      this.#validations.push(validation);
    }
  }

  /** How long the run has taken so far. */
  get seconds(): number {
    return Math.max(this.#seconds.at(-1) ?? 0, this.#validations.at(-1)?.seconds ?? 0);
  }

  get history(): History {
    const steps = { loss: this.#loss, count: this.#count, lr: this.#lr, seconds: this.#seconds };
    return { steps, validations: this.#validations };
  }

  toString(): string {
    return `${JSON.stringify(this.history)}\n`;
  }
}

/** Reads what `HistoryWriter` wrote. Throws `Error` when it is no history. */
export function parseHistory(bytes: Uint8Array): History {
  const history = blaming(`${HISTORY}: `, () => parseJSON(bytes)) as Partial<History> | null;
  const { steps, validations } = history ?? {};
  const isNumbers = (value: unknown): boolean =>
    Array.isArray(value) && value.every((item) => item === null || typeof item === "number");
  const sound =
    [steps?.loss, steps?.count, steps?.lr, steps?.seconds].every(isNumbers) &&
    Array.isArray(validations) &&
    validations.every(isValidation);
  if (!sound) throw new Error(`${HISTORY}: expected the steps and validations of a run, got something else`);
  return history as History;
}

/** What who draws and sums up relies on. */
function isValidation(value: Partial<ValidationEvent> | null): boolean {
  const { step, scores } = value ?? {};
  const isScore = (score: unknown): boolean => score === null || typeof score === "number";
  return (
    typeof step === "number" && typeof scores === "object" && scores !== null && Object.values(scores).every(isScore)
  );
}

const EMPTY: History = { steps: { loss: [], count: [], lr: [], seconds: [] }, validations: [] };

/** Five digits are enough to draw by, and half of the file. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
