export { type Alignment, drawAlignment } from "./alignment.js";
export { type CurveData, drawCurves, type ValidationPoint } from "./curves.js";
export { type ChartLine, drawLines, type LineChart } from "./lines.js";
