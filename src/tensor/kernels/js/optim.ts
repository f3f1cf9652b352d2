/** One step of each optimiser over one parameter, in place. Letters: p parameter, g its gradient; equations in src/optim. */
import type { FloatArray } from "../../storage.js";
