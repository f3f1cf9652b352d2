export * from "./autograd/index.js";
export * as nn from "./nn/index.js";
export * as optim from "./optim/index.js";
export * as seq2seq from "./seq2seq/index.js";
export * from "./tensor/index.js";
export { version } from "./version.js";
