import { SETTINGS, type SettingName, type Settings, type TaskName } from "./settings.js";

/** What generation has of the table's text and model. */
const OF_GENERATION: ReadonlySet<SettingName> = new Set<SettingName>([
  ...(["tokenizer", "lowercase", "minFrequency", "maxVocabulary"] as const),
  ...(["cell", "hiddenSize", "embeddingSize", "numLayers", "layerNorm", "residual", "tied"] as const),
  ...(["dropout", "embeddingDropout", "outputDropout", "wordDropout"] as const),
]);
/** What transcription has of them. */
const OF_TRANSCRIPTION: ReadonlySet<SettingName> = new Set<SettingName>([
  ...OF_GENERATION,
  ...(["bidirectional", "contextDropout", "initialState", "attention"] as const),
  ...(["inputFeeding", "conditional", "contextInput"] as const),
]);
/** What classification has of them. */
const OF_CLASSIFICATION: ReadonlySet<SettingName> = new Set<SettingName>([
  ...(["tokenizer", "lowercase", "minFrequency", "maxVocabulary"] as const),
  ...([
    "cell",
    "hiddenSize",
    "embeddingSize",
    "numLayers",
    "bidirectional",
    "layerNorm",
    "residual",
    "pooling",
  ] as const),
  ...(["dropout", "embeddingDropout", "outputDropout", "wordDropout"] as const),
]);
/** What a task has not of the model's (translation) or of the training's settings. */
const NOT_OF: Readonly<Record<TaskName, ReadonlySet<SettingName>>> = {
  translate: new Set<SettingName>(["sequenceLength", "pooling"]),
  generate: new Set<SettingName>(["batchTokens", "lossReduction", "labelSmoothing", "teacherForcing", "initScale"]),
  transcribe: new Set<SettingName>(["sequenceLength", "lossReduction", "initScale"]),
  classify: new Set<SettingName>(["sequenceLength", "lossReduction", "teacherForcing", "initScale"]),
};

/** Whether a task knows a setting. */
export function hasSetting(task: TaskName, name: SettingName): boolean {
  if (NOT_OF[task].has(name)) return false;
  const isAmong = (...groups: readonly object[]): boolean => groups.some((group) => Object.hasOwn(group, name));
  if (isAmong(SETTINGS.task, SETTINGS.training, SETTINGS.run)) return true;
  if (task === "translate") return !isAmong(SETTINGS.audio);
  if (task === "classify") return OF_CLASSIFICATION.has(name);
  return task === "generate" ? OF_GENERATION.has(name) : isAmong(SETTINGS.audio) || OF_TRANSCRIPTION.has(name);
}

/** What a task begins with where it is not what translation does. */
export function initialOf(task: TaskName): Partial<Settings> {
  return task === "translate" || task === "classify" ? {} : { tokenizer: "character" };
}
