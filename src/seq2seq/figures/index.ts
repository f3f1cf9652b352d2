export { type Alignment, drawAlignment } from "./alignment.js";
export { type CurveData, drawCurves, type ValidationPoint } from "./curves.js";
