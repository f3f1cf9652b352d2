export { AnomalyError, detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from "./anomaly.js";
export { type GradcheckOptions, type GradcheckResult, gradcheck } from "./gradcheck.js";
export { graph } from "./graph.js";
export * from "./ops/index.js";
export { type Backward, type RecordOptions, record } from "./record.js";
export { isGradEnabled, noGrad } from "./switches.js";
