import type { Scores } from "./task.js";

/** One update. */
export interface StepEvent {
  readonly kind: "step";
  /** Updates so far, in all epochs. */
  readonly step: number;
  readonly epoch: number;
  /** Updates in this epoch: so far, and in all. */
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  /** Mean loss of the batch, and over how many things (target tokens, say). */
  readonly loss: number;
  readonly count: number;
  readonly lr: number;
  /**
   * Only of a step that changed nothing, as its loss or a gradient was not finite: how many of these there were so far. See
   * `RunOptions.skipNonfinite`.
   */
  readonly skipped?: number;
  /** Since the run began, resumed parts added up; validations included. */
  readonly seconds: number;
}

/** One validation. */
export interface ValidationEvent {
  readonly kind: "validation";
  readonly step: number;
  readonly epoch: number;
  /** Mean training loss since the last validation that was due; null when this one was not, as the run is stopping, or all steps were skipped. */
  readonly trainLoss: number | null;
  /** Of how many checkpoints these are the averaged weights; absent of the model as it trains. */
  readonly averaged?: number;
  readonly scores: Scores;
  /** Whether it is the best so far, and so has been saved. */
  readonly best: boolean;
  /** By which score the best is chosen. */
  readonly criterion: string;
  readonly seconds: number;
}

/** Why a run is over: all epochs done; patience or time at its end; asked to by a signal. */
export type RunEnd = "finished" | "stopped" | "aborted";

/** The last event. */
export interface EndEvent {
  readonly kind: "end";
  readonly end: RunEnd;
  readonly best: Scores;
}

export type RunEvent = StepEvent | ValidationEvent | EndEvent;
