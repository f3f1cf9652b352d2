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
  /** Since the run began, resumed parts added up; validations included. */
  readonly seconds: number;
}

/** One validation. */
export interface ValidationEvent {
  readonly kind: "validation";
  readonly step: number;
  readonly epoch: number;
  /** Mean training loss of the epoch; null when it was cut short. */
  readonly trainLoss: number | null;
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
