import type { Module } from "../../nn/module.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Files } from "../files/store.js";

/** An epoch's batches, which a plain array is; each may be made when it is asked for. */
export interface Batches<B> {
  readonly length: number;
  at(index: number): B | undefined;
}

/** What a validation found, by name. `loss` is there in any case: lower is better. */
export type Scores = Readonly<Record<string, number>> & { readonly loss: number };

/** What a batch costs. */
export interface BatchLoss {
  /** The mean loss, with its history. */
  readonly loss: Tensor;
  /** Over how many things (target tokens, say) it is the mean. */
  readonly count: number;
  /** Gradients are those of the loss times this. Default 1. */
  readonly scale?: number;
}

/** What goes on from batch to batch beside the weights, such as the states that a language model ended a batch with. */
export interface Carried {
  stateDict(): Record<string, Tensor>;
  /** Throws `Error` on what {@link Carried.stateDict} cannot have given. */
  loadStateDict(state: Readonly<Record<string, Tensor>>): void;
}

/**
 * What a training run needs of a model and its data: translation, transcription, language modelling, classification.
 *
 * @example
 * class Parity implements Task<Batch> {
 *   readonly model = new ParityModel();
 *   readonly generator = new Generator(1);
 *   batches() { return this.generator.shuffle([...trainingBatches]); }
 *   loss(batch: Batch) { return { loss: crossEntropy(this.model.forward(batch.x), batch.y), count: batch.y.length }; }
 *   validate() { return { loss: meanLoss(this.model, validationBatches) }; }
 *   files() { return { "model.safetensors": encodeSafetensors({ tensors: this.model.stateDict(), metadata: {} }) }; }
 * }
 */
export interface Task<B> {
  readonly model: Module;
  /** Draws the order of the batches, and whatever else is drawn in training: its state is part of a checkpoint. */
  readonly generator: Generator;
  /** What tells this run's data from another's, by name: a run only goes on with what it began with. */
  readonly identity?: Readonly<Record<string, string | number>>;
  /** Part of a checkpoint, so that a run goes on bit for bit in the middle of an epoch. */
  readonly carried?: Carried;
  /** By which score the best model is chosen, for who reads about it. Default "loss". */
  readonly criterion?: string;
  /** Orders an epoch. Whatever this draws is drawn before it returns, and not when a batch is asked for. */
  batches(): Batches<B>;
  loss(batch: B): BatchLoss;
  /** How good the model is now, dropout off. */
  validate(): Scores;
  /** Whether scores are better than the best so far. Default: a lower loss. */
  isBetter?(scores: Scores, best: Scores): boolean;
  /** What is kept of the model when it is the best so far. */
  files(): Files;
}
