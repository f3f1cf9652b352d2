export * from "./autograd/index.js";
export * as nn from "./nn/index.js";
export * from "./tensor/index.js";
