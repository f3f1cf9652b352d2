import type { ReadingProgress, Score, StartReport, StepEvent, ValidationReport } from "../seq2seq/index.js";
import { jsonLine } from "./plain.js";
import { ProgressLine } from "./progress.js";
import { StatusLine } from "./statusLine.js";

const NAMES: Readonly<Record<string, string>> = { bleu: "BLEU (below 5 by loss)", loss: "validation loss" };

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

  readonly onStart = (report: StartReport): void => {
    this.note(describeStart(report));
    const { settings, train, valid, inputSize, outputSize, parameters, criterion, doneEpochs, changed } = report;
    this.#smoothing = settings.labelSmoothing;
    this.#isByEpochs = settings.validateEvery === Number.POSITIVE_INFINITY;
    this.#progress = new ProgressLine(settings.epochs, settings.maxMinutes);
    this.#line = this.#progress;
    const pairs = { trainPairs: train.pairs.length, validPairs: valid.pairs.length };
    const sizes = { inputSize, outputSize, parameters };
    this.#print({ kind: "start", ...pairs, ...sizes, criterion, doneEpochs, changed });
  };

  readonly onStep = (event: StepEvent): void => {
    this.#progress.step(event);
    this.#print(event);
  };

  readonly onValidation = ({ scores: _, ...report }: ValidationReport): void => {
    const { epoch, step, trainLoss, best, averaged } = report;
    const smoothed = this.#smoothing > 0 ? ` (label smoothing ${this.#smoothing})` : "";
    const training = trainLoss === null ? "cut short" : `training loss ${trainLoss.toFixed(3)}${smoothed}`;
    const place = this.#isByEpochs ? `epoch ${epoch}` : `epoch ${epoch}, step ${count(step)}`;
    const what = averaged === undefined ? `${place}: ${training}` : `average of ${averaged} checkpoints`;
    this.note(`${what}, validation ${describeScores(report)}${best ? ", saved" : ""}`);
    this.#print(report);
  };

  /** The last of it: how the training ended, and where its model is. */
  end(end: string, best: Score, folder: string): void {
    this.#print({ kind: "end", end, best, model: folder });
    const how = end === "finished" ? "finished" : "stopped"; // by whom, the reader knows
    this.note(`${how}; best: validation ${describeScores(best)}; saved in ${folder}`);
    this.note(`try: npx seqgrad translate --model ${/\s/.test(folder) ? `"${folder}"` : folder}`);
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

/** `loss 0.311, BLEU 74.3, chrF 85.1, exact 64.0 %` */
export function describeScores({ loss, bleu, chrf, exact }: Score): string {
  return `loss ${loss.toFixed(3)}, BLEU ${bleu.toFixed(1)}, chrF ${chrf.toFixed(1)}, exact ${exact.toFixed(1)} %`;
}

/** ` (3 over-long left out)`, or nothing. */
export function describeLeftOut({ empty, tooLong }: { readonly empty: number; readonly tooLong: number }): string {
  const left = [
    ...(tooLong > 0 ? [`${count(tooLong)} over-long`] : []),
    ...(empty > 0 ? [`${count(empty)} empty`] : []),
  ];
  return left.length > 0 ? ` (${left.map((some) => `${some} left out`).join(", ")})` : "";
}

function describeStart(report: StartReport): string {
  const { train, valid, inputSize, outputSize, parameters, doneEpochs, settings, changed, criterion } = report;
  const origin = settings.level === null ? "" : ` of the built-in corpus, level ${settings.level}`;
  const validation = `${count(valid.pairs.length)} for validation${describeLeftOut(valid)}`;
  const { firstTooLong } = train;
  const changes = changed.map(({ name, from, to }) => `${name} ${shown(from)} → ${shown(to)}`);
  return [
    `${count(train.pairs.length)} training pairs${origin}${describeLeftOut(train)}, ${validation}`,
    ...(firstTooLong
      ? [`the first over-long pair: line ${firstTooLong.line}, ${count(firstTooLong.tokens)} tokens`]
      : []),
    `vocabularies of ${count(inputSize)} and ${count(outputSize)} tokens, ${count(parameters)} parameters`,
    `the best model is chosen by ${NAMES[criterion] ?? criterion}`,
    ...(changes.length > 0 ? [`from here on: ${changes.join(", ")}`] : []),
    ...(doneEpochs > 0 ? [`resuming after epoch ${doneEpochs}`] : []),
    ...(doneEpochs >= settings.epochs ? [`all ${settings.epochs} epochs are done: --epochs with more goes on`] : []),
  ].join("\n");
}

/** A limit that there is not is `none`. */
function shown(value: unknown): string {
  return value === Number.POSITIVE_INFINITY ? "none" : String(value);
}

function count(n: number): string {
  return n.toLocaleString("en");
}
