import { binaryCrossEntropyOptions, mseLossOptions } from "../autograd/ops/elementLoss.js";
import {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  crossEntropy,
  logSoftmax,
  type MseLossOptions,
  mseLoss,
  type NllLossOptions,
  nllLoss,
} from "../autograd/ops/index.js";
import { crossEntropyOptions, nllLossOptions } from "../autograd/ops/loss.js";
import { checkOptions } from "../options.js";
import type { Indices } from "../tensor/intTensor.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import { named } from "./repr.js";

/** Log-probabilities along one dimension (the last unless told). */
export class LogSoftmax extends Module {
  readonly dim: number;

  constructor(dim = -1) {
    super();
    this.dim = dim;
  }

  /** x of any shape → the same shape. */
  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }

  protected override extraRepr(): string {
    return named({ dim: this.dim }).join();
  }
}

/** Negative log-likelihood of log-probabilities; options as in `nllLoss`. */
export class NLLLoss extends Module {
  readonly options: NllLossOptions;

  constructor(options: NllLossOptions = {}) {
    super();
    checkOptions("NLLLoss", nllLossOptions, options);
    this.options = options;
  }

  /** logp [rows, classes], targets [rows] → scalar (or [rows] for reduction "none"). */
  forward(logp: Tensor, targets: Indices): Tensor {
    return nllLoss(logp, targets, this.options);
  }
}

/** Cross-entropy of logits; options as in `crossEntropy`. */
export class CrossEntropyLoss extends Module {
  readonly options: CrossEntropyOptions;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    checkOptions("CrossEntropyLoss", crossEntropyOptions, options);
    this.options = options;
  }

  /** logits [rows, classes], targets [rows] → scalar (or [rows] for reduction "none"). */
  forward(logits: Tensor, targets: Indices): Tensor {
    return crossEntropy(logits, targets, this.options);
  }
}

/** Squared error; options as in `mseLoss`. */
export class MSELoss extends Module {
  readonly options: MseLossOptions;

  constructor(options: MseLossOptions = {}) {
    super();
    checkOptions("MSELoss", mseLossOptions, options);
    this.options = options;
  }

  /** input and target of one shape → scalar (or that shape for reduction "none"). */
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.options);
  }
}

/** Binary cross-entropy of logits; options as in `binaryCrossEntropyWithLogits`. */
export class BCEWithLogitsLoss extends Module {
  readonly options: BinaryCrossEntropyOptions;

  constructor(options: BinaryCrossEntropyOptions = {}) {
    super();
    checkOptions("BCEWithLogitsLoss", binaryCrossEntropyOptions, options);
    this.options = options;
  }

  /** logits and targets (from 0 to 1) of one shape → scalar (or that shape for reduction "none"). */
  forward(logits: Tensor, targets: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(logits, targets, this.options);
  }
}
