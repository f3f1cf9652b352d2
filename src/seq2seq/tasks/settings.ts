import type { TrainTranslatorOptions } from "./trainTranslator.js";

/** What shapes a run besides its data and its model: all that has to stay as it is for a resumed run to go on. */
export interface RunSettings {
  readonly seed: number;
  readonly maxLength: number;
  readonly tokenizer: "word" | "character";
  readonly lowercase: boolean;
  readonly minFrequency: number;
  readonly maxVocabulary: number;
  readonly lr: number;
  readonly batchSize: number;
  readonly clipNorm: number;
  readonly labelSmoothing: number;
  readonly teacherForcing: number;
}

const DEFAULTS: RunSettings = {
  seed: 0,
  maxLength: 60,
  tokenizer: "word",
  lowercase: false,
  minFrequency: 1,
  maxVocabulary: 30_000,
  lr: 1e-3,
  batchSize: 64,
  clipNorm: 1,
  labelSmoothing: 0,
  teacherForcing: 1,
};

const NAMES = Object.keys(DEFAULTS) as (keyof RunSettings)[];

/**
 * The settings of a run: those given and, for the others, those that a resumed run began with, or the defaults.
 * Throws `Error` where a resumed run is given another one than it began with.
 */
export function runSettings(options: TrainTranslatorOptions, began?: RunSettings): RunSettings {
  const settings = Object.fromEntries(NAMES.map((name) => [name, options[name] ?? (began ?? DEFAULTS)[name]]));
  for (const name of NAMES) {
    if (began && settings[name] !== began[name]) {
      throw new Error(`resume: expected ${name} ${began[name]}, which the run began with, got ${settings[name]}`);
    }
  }
  return settings as unknown as RunSettings;
}

/** Settings as a checkpoint keeps them: JSON has no infinity, which a clip norm may be. */
export function settingsToJSON(settings: RunSettings): object {
  return { ...settings, clipNorm: Number.isFinite(settings.clipNorm) ? settings.clipNorm : "Infinity" };
}

/** The settings that {@link settingsToJSON} wrote, or null when it did not. Their ranges are checked where they are used. */
export function settingsFromJSON(json: unknown): RunSettings | null {
  if (typeof json !== "object" || json === null) return null;
  const given = json as Readonly<Record<string, unknown>>;
  const settings = { ...given, clipNorm: given.clipNorm === "Infinity" ? Number.POSITIVE_INFINITY : given.clipNorm };
  const sound = NAMES.every((name) => typeof (settings as Partial<RunSettings>)[name] === typeof DEFAULTS[name]);
  return sound ? (settings as unknown as RunSettings) : null;
}

/** Throws `RangeError` on limits of a run that would end it in no time, or never. */
export function checkLimits({ epochs, patience, maxMinutes, maxLength }: TrainTranslatorOptions): void {
  const check = (name: string, value: number | undefined, sound: (value: number) => boolean, what: string): void => {
    if (value !== undefined && !sound(value)) throw new RangeError(`train: expected ${name} ${what}, got ${value}`);
  };
  const isCount = (least: number) => (value: number) => Number.isSafeInteger(value) && value >= least;
  check("epochs", epochs, isCount(1), "to be an integer of at least 1");
  check("patience", patience, isCount(1), "to be an integer of at least 1");
  check("maxLength", maxLength, isCount(0), "to be an integer of at least 0");
  check("maxMinutes", maxMinutes, (value) => value > 0, "above 0");
}
