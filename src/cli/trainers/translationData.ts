import { corpusSplits, countReachable, type Level } from "../../corpus/index.js";
import { defaultSettings, type Settings, streamParallel, streamTsv, type TextPairs } from "../../seq2seq/index.js";
import { checkInput } from "../inputs.js";
import { UsageError, type Values } from "../options.js";

/** Where `train`'s sentences come from. */
export const translationData = {
  "train-src": { type: "string", value: "FILE", help: "source sentences, one a line" },
  "train-tgt": { type: "string", value: "FILE", help: "their translations, line by line" },
  "train-tsv": {
    type: "string",
    value: "FILE",
    help: "instead of both: source TAB target on each line; classify: text TAB label",
  },
  "valid-src": { type: "string", value: "FILE", help: "sentences to judge each epoch by (else some are set aside)" },
  "valid-tgt": { type: "string", value: "FILE", help: "their translations" },
  "valid-tsv": { type: "string", value: "FILE", help: "instead of both, as --train-tsv" },
} as const;

/** What to train on, and to judge by. */
export interface Data {
  readonly train: TextPairs;
  readonly valid?: TextPairs;
  /** How `train` was drawn from the built-in corpus; nothing where it is files. */
  readonly drawn: Partial<Pick<Settings, "level" | "size">>;
}

/** The level where a size alone is given. */
const LEVEL = 3;

/**
 * Opens the files given, or draws from the built-in corpus where that is asked for, or was by the run that a resumed one
 * `began` as. Throws `UsageError` on options that contradict each other or name no data, `Error` on files that cannot be
 * read.
 */
export function openData(
  values: Values<typeof translationData>,
  given: Partial<Settings>,
  began: Settings | null = null,
): Data {
  const { "train-src": src, "train-tgt": tgt, "train-tsv": tsv } = values;
  if (tsv && (src || tgt))
    throw new UsageError("train: expected either --train-tsv or --train-src and --train-tgt, got both");
  if (Boolean(src) !== Boolean(tgt))
    throw new UsageError("train: expected --train-src and --train-tgt together, got one");
  if ((tsv || src) && (given.level !== undefined || given.size !== undefined))
    throw new UsageError("train: --level and --size are for the built-in corpus, got files as well");
  const valid = openValid(values);
  if (tsv) return { train: streamTsv(open("train-tsv", tsv)), valid, drawn: {} };
  if (src && tgt) return { train: streamParallel(open("train-src", src), open("train-tgt", tgt)), valid, drawn: {} };
  const level = given.level ?? began?.level ?? (given.size === undefined ? null : LEVEL);
  if (level === null) throw new UsageError(`train: expected ${ways(began !== null)}, got none of them`);
  const { size, seed } = { ...(began ?? defaultSettings), ...given };
  return { ...draw(level as Level, size, seed, valid), drawn: { level, size } };
}

function open(option: keyof typeof translationData, file: string): string {
  return checkInput(`train: --${option}`, file);
}

function openValid(values: Values<typeof translationData>): TextPairs | undefined {
  const { "valid-src": src, "valid-tgt": tgt, "valid-tsv": tsv } = values;
  if (tsv && (src || tgt))
    throw new UsageError("train: expected either --valid-tsv or --valid-src and --valid-tgt, got both");
  if (Boolean(src) !== Boolean(tgt))
    throw new UsageError("train: expected --valid-src and --valid-tgt together, got one");
  if (tsv) return streamTsv(open("valid-tsv", tsv));
  return src && tgt ? streamParallel(open("valid-src", src), open("valid-tgt", tgt)) : undefined;
}

function ways(resuming: boolean): string {
  const files = "--train-tsv, or --train-src and --train-tgt";
  return resuming ? `the files that the run began with (${files})` : `${files}, or --level N for the built-in corpus`;
}

/** Draws from the built-in corpus; throws `UsageError` when it has fewer pairs. */
function draw(level: Level, trainSize: number, seed: number, valid?: TextPairs): Pick<Data, "train" | "valid"> {
  try {
    const { train, unseenSentences } = corpusSplits({ level, trainSize, testSize: 500, seed });
    return { train, valid: valid ?? unseenSentences };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const most = `the ${countReachable(level)} pairs of level ${level}, those for validation among them`;
    throw new UsageError(`--size: expected at most ${most}, got ${trainSize}`);
  }
}
