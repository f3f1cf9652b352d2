/**
 * Every numeric loop of the engine, behind one object, so that a faster set with the same names and signatures can take
 * the place of the plain one.
 */
import * as elementwise from "./js/elementwise.js";
import * as matmul from "./js/matmul.js";
import * as optim from "./js/optim.js";
import * as recurrent from "./js/recurrent.js";
import * as reduce from "./js/reduce.js";
import * as rows from "./js/rows.js";
import * as softmax from "./js/softmax.js";
import * as strided from "./js/strided.js";

export type { Packed } from "./js/matmul.js";
export type { Walk } from "./js/strided.js";

/** The plain TypeScript loops: the reference, and the only set that also runs in float64. */
export const js = { ...elementwise, ...matmul, ...optim, ...recurrent, ...reduce, ...rows, ...softmax, ...strided };

/** The signatures every kernel set has. */
export type Kernels = typeof js;

/** The kernel set in use. */
export const kernels: Kernels = js;

/** The name of the kernel set in use. A run's bits are promised for one set, so logs and checkpoints name it. */
export const kernelSet: "js" = "js";
