/** Layers and losses as plain functions of their weights, as in PyTorch's `nn.functional`. */
export {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  dropout,
  embedding,
  layerNorm,
  linear,
  logSoftmax,
  mseLoss,
  nllLoss,
  relu,
  sigmoid,
  softmax,
  tanh,
} from "../autograd/ops/index.js";
