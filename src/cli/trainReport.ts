import type { ReadingProgress, Scores, StepEvent, TrainStart, ValidationEvent } from "../seq2seq/index.js";
import { jsonLine } from "./plain.js";
import { ProgressLine } from "./progress.js";
import { StatusLine } from "./statusLine.js";

const NAMES: Readonly<Record<string, string>> = {
  bleu: "BLEU (below 5 by loss)",
  loss: "validation loss",
  wer: "word error rate",
};

/** What a training says while it runs: to people on stderr and, if asked to, to programs as lines of JSON on stdout. */
export class TrainReport {
  readonly #json: boolean;
  #line: StatusLine = new StatusLine();
  #progress = new ProgressLine(1);
  #smoothing = 0;
  #isByEpochs = true;

  constructor({ json = false }: { readonly json?: boolean }) {
    this.#json = json;
  }

  readonly onReading = ({ part, pairs }: ReadingProgress): void =>
    this.#line.update(() => `reading: ${count(pairs)} ${part} pairs`);

  /** Says what there is to train on in `lines`, to people, or in `sizes`, to programs. */
  start(
    { settings, parameters, criterion, doneEpochs, changed }: TrainStart,
    lines: readonly string[],
    sizes: object,
  ): void {
    const changes = changed.map(({ name, from, to }) => `${name} ${shown(from)} → ${shown(to)}`);
    const all = [
      ...lines,
      `the best model is chosen by ${NAMES[criterion] ?? criterion}`,
      ...(changes.length > 0 ? [`from here on: ${changes.join(", ")}`] : []),
      ...(doneEpochs > 0 ? [`resuming after epoch ${doneEpochs}`] : []),
      ...(doneEpochs >= settings.epochs ? [`all ${settings.epochs} epochs are done: --epochs with more goes on`] : []),
    ];
    this.note(all.join("\n"));
    this.#smoothing = settings.labelSmoothing;
    this.#isByEpochs = settings.validateEvery === Number.POSITIVE_INFINITY;
    this.#progress = new ProgressLine(settings.epochs, settings.maxMinutes);
    this.#line = this.#progress;
    this.#print({ kind: "start", ...sizes, parameters, criterion, doneEpochs, changed });
  }

  readonly onStep = (event: StepEvent): void => {
    const { step, loss, skipped } = event;
    this.#progress.step(event);
    if (skipped !== undefined) {
      const what = Number.isFinite(loss) ? "a gradient that is not finite" : `loss ${loss}`;
      this.note(`step ${count(step)} was skipped: ${what} (${count(skipped)} so far)`);
    }
    this.#print(event);
  };

  readonly onValidation = (event: ValidationEvent): void => {
    const { scores, ...rest } = event;
    const { epoch, step, trainLoss, best, averaged } = event;
    const smoothed = this.#smoothing > 0 ? ` (label smoothing ${this.#smoothing})` : "";
    const training = trainLoss === null ? "cut short" : `training loss ${trainLoss.toFixed(3)}${smoothed}`;
    const place = this.#isByEpochs ? `epoch ${epoch}` : `epoch ${epoch}, step ${count(step)}`;
    const what = averaged === undefined ? `${place}: ${training}` : `average of ${averaged} checkpoints`;
    this.note(`${what}, validation ${describeScores(scores)}${best ? ", saved" : ""}`);
    this.#print({ ...rest, ...scores });
  };

  /** The last of it: how the training ended, where its model is, and what to try it with: a command, which takes `--model`. */
  end(end: string, best: Scores, folder: string, command: string): void {
    this.#print({ kind: "end", end, best, model: folder });
    const how = end === "finished" ? "finished" : "stopped"; // by whom, the reader knows
    this.note(`${how}; best: validation ${describeScores(best)}; saved in ${folder}`);
    this.note(`try: npx seqgrad ${command} --model ${/\s/.test(folder) ? `"${folder}"` : folder}`);
  }

  /** A line that stays, on stderr. */
  note(text: string): void {
    this.#line.note(text);
  }

  clear(): void {
    this.#line.clear();
  }

  #print(event: object): void {
    if (this.#json) process.stdout.write(jsonLine(event));
  }
}

const SHOWN: Readonly<Record<string, (score: number) => string>> = {
  loss: (loss) => `loss ${loss.toFixed(3)}`,
  bleu: (bleu) => `BLEU ${bleu.toFixed(1)}`,
  chrf: (chrf) => `chrF ${chrf.toFixed(1)}`,
  wer: (wer) => `word error rate ${wer.toFixed(1)} %`,
  cer: (cer) => `character error rate ${cer.toFixed(1)} %`,
  exact: (exact) => `exact ${exact.toFixed(1)} %`,
  accuracy: (accuracy) => `accuracy ${accuracy.toFixed(1)} %`,
};

/** `loss 0.311, BLEU 74.3, chrF 85.1, exact 64.0 %` */
export function describeScores(scores: Scores): string {
  return Object.entries(SHOWN)
    .filter(([name]) => Object.hasOwn(scores, name))
    .map(([name, show]) => show(scores[name]))
    .join(", ");
}

/** ` (3 over-long left out)`, or nothing. */
export function describeLeftOut({ empty, tooLong }: { readonly empty: number; readonly tooLong: number }): string {
  const left = [
    ...(tooLong > 0 ? [`${count(tooLong)} over-long`] : []),
    ...(empty > 0 ? [`${count(empty)} empty`] : []),
  ];
  return left.length > 0 ? ` (${left.map((some) => `${some} left out`).join(", ")})` : "";
}

/** A limit that there is not is `none`. */
function shown(value: unknown): string {
  return value === Number.POSITIVE_INFINITY ? "none" : String(value);
}

export function count(n: number): string {
  return n.toLocaleString("en");
}
