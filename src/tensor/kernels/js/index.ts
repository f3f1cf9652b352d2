import * as attention from "./attention.js";
import * as elementwise from "./elementwise.js";
import * as layerNorm from "./layerNorm.js";
import * as losses from "./losses.js";
import * as matmul from "./matmul.js";
import * as optim from "./optim.js";
import * as recurrent from "./recurrent.js";
import * as reduce from "./reduce.js";
import * as rows from "./rows.js";
import * as softmax from "./softmax.js";
import * as strided from "./strided.js";
import * as topIndices from "./topIndices.js";

/** The plain TypeScript loops: the reference, and the only set that also runs in float64. */
export const js = {
  ...attention,
  ...elementwise,
  ...layerNorm,
  ...losses,
  ...matmul,
  ...optim,
  ...recurrent,
  ...reduce,
  ...rows,
  ...softmax,
  ...strided,
  ...topIndices,
};

/** The signatures every kernel set has. */
export type Kernels = typeof js;
