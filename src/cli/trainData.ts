import { corpusSplits, countReachable, type Level } from "../corpus/index.js";
import { defaultSettings, readParallel, readTsv, type Settings, type TextPair } from "../seq2seq/index.js";
import { readInput } from "./inputs.js";
import { UsageError, type Values } from "./options.js";

/** Where `train`'s sentences come from. */
export const dataOptions = {
  "train-src": { type: "string", value: "FILE", help: "source sentences, one a line" },
  "train-tgt": { type: "string", value: "FILE", help: "their translations, line by line" },
  "train-tsv": { type: "string", value: "FILE", help: "instead of both: source TAB target on each line" },
  "valid-src": { type: "string", value: "FILE", help: "sentences to judge each epoch by (else some are set aside)" },
  "valid-tgt": { type: "string", value: "FILE", help: "their translations" },
} as const;

/** What to train on, and to judge by. */
interface Data {
  readonly train: readonly TextPair[];
  readonly valid?: readonly TextPair[];
  /** Of the built-in corpus, where no files are given. */
  readonly level?: Level;
}

/** Reads the files given, or draws from the built-in corpus; throws `UsageError` on options that contradict each other. */
export function readData(
  values: Values<typeof dataOptions>,
  { level, size, seed }: Partial<Settings>,
  resume = false,
): Data {
  const { "train-src": src, "train-tgt": tgt, "train-tsv": tsv, "valid-src": validSrc, "valid-tgt": validTgt } = values;
  if (tsv && (src || tgt))
    throw new UsageError("train: expected either --train-tsv or --train-src and --train-tgt, got both");
  if (Boolean(src) !== Boolean(tgt))
    throw new UsageError("train: expected --train-src and --train-tgt together, got one");
  if ((tsv || src) && (level !== undefined || size !== undefined))
    throw new UsageError("train: --level and --size are for the built-in corpus, got files as well");
  if (Boolean(validSrc) !== Boolean(validTgt))
    throw new UsageError("train: expected --valid-src and --valid-tgt together, got one");
  const read = (option: keyof typeof dataOptions, file: string) => readInput(`train: --${option}`, file);
  const valid =
    validSrc && validTgt ? readParallel(read("valid-src", validSrc), read("valid-tgt", validTgt)) : undefined;
  if (tsv) return { train: readTsv(read("train-tsv", tsv).bytes, tsv), valid };
  if (src && tgt) return { train: readParallel(read("train-src", src), read("train-tgt", tgt)), valid };
  if (level === undefined && size === undefined && !resume) {
    const ways = "--train-tsv, or --train-src and --train-tgt, or --level 1, 2 or 3 for the built-in corpus";
    throw new UsageError(`train: expected ${ways}, got none of them`);
  }
  return builtIn((level ?? 3) as Level, size ?? defaultSettings.size, seed, valid);
}

/** The built-in corpus; throws `UsageError` when it has fewer pairs. */
function builtIn(level: Level, trainSize: number, seed?: number, valid?: readonly TextPair[]): Data {
  try {
    const { train, unseenSentences } = corpusSplits({ level, trainSize, testSize: 500, seed });
    return { train, valid: valid ?? unseenSentences, level };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const most = `the ${countReachable(level)} pairs of level ${level}, those for validation among them`;
    throw new UsageError(`--size: expected at most ${most}, got ${trainSize}`);
  }
}
