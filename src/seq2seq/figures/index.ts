export { type Alignment, drawAlignment } from "./alignment.js";
export { type CurveData, drawCurves, type ValidationPoint } from "./curves.js";
export { drawHeatMap, type HeatMap } from "./heatMap.js";
export { drawImages, type ImageSheet } from "./images.js";
export { type ChartLine, drawLines, type LineChart } from "./lines.js";
export { drawSoundAlignment, type SoundAlignment } from "./soundAlignment.js";
export { drawSpectrogram, type Spectrogram } from "./spectrogram.js";
