import {
  type CrossEntropyOptions,
  crossEntropy,
  logSoftmax,
  type NllLossOptions,
  nllLoss,
} from "../autograd/ops/index.js";
import { crossEntropyOptions, nllLossOptions } from "../autograd/ops/loss.js";
import { checkOptions } from "../options.js";
import type { Indices } from "../tensor/intTensor.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

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
