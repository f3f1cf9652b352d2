import { corpusSplits } from "../seq2seq/corpus/index.js";
import { checkReplaceable } from "../seq2seq/files/modelFolder.js";
import {
  type CellKind,
  readParallel,
  readTsv,
  type StartReport,
  type TextPair,
  trainTranslator,
  type ValidationReport,
} from "../seq2seq/index.js";
import { checkOutside, readInput } from "./inputs.js";
import { type Command, configOption, UsageError, type Values } from "./options.js";
import { ProgressLine } from "./progress.js";
import { threadsOption, useThreads } from "./threads.js";

const options = {
  "train-src": { type: "string", value: "FILE", help: "source sentences, one a line" },
  "train-tgt": { type: "string", value: "FILE", help: "their translations, line by line" },
  "train-tsv": { type: "string", value: "FILE", help: "instead of both: source TAB target on each line" },
  "valid-src": { type: "string", value: "FILE", help: "sentences to judge each epoch by (else some are set aside)" },
  "valid-tgt": { type: "string", value: "FILE", help: "their translations" },
  level: {
    type: "number",
    value: "N",
    integer: true,
    min: 1,
    max: 3,
    help: "built-in corpus, where no files are given: 1, 2 or 3 (3)",
  },
  size: { type: "number", value: "N", integer: true, min: 100, help: "pairs drawn from the built-in corpus (20000)" },
  out: { type: "string", value: "DIR", help: "where the model folder goes (required)" },
  force: { type: "boolean", help: "replace the model that DIR holds" },
  resume: {
    type: "boolean",
    help: "go on from the checkpoint in DIR, with the same data; options left out stay as they were",
  },
  config: configOption,
  epochs: { type: "number", value: "N", integer: true, min: 1, help: "passes over the data (10)" },
  "max-minutes": { type: "number", value: "M", min: 0.01, help: "stop after this time" },
  patience: {
    type: "number",
    value: "N",
    integer: true,
    min: 1,
    help: "stop after N epochs without a better one, by BLEU from 5 on, then by loss",
  },
  "batch-size": { type: "number", value: "N", integer: true, min: 1, help: "pairs a step (64)" },
  lr: { type: "number", value: "X", min: 0, help: "learning rate of Adam (0.001)" },
  "clip-norm": { type: "number", value: "X", min: 1e-6, help: "largest norm of the gradients (1)" },
  "label-smoothing": { type: "number", value: "X", min: 0, max: 1, help: "0 to 1 (0)" },
  "teacher-forcing": {
    type: "number",
    value: "X",
    min: 0,
    max: 1,
    help: "how often the decoder reads the reference (1)",
  },
  cell: { type: "string", value: "KIND", choices: ["gru", "lstm", "rnn"], help: "gru, lstm or rnn (gru)" },
  hidden: { type: "number", value: "N", integer: true, min: 1, help: "width of embeddings and states (256)" },
  layers: { type: "number", value: "N", integer: true, min: 1, help: "recurrent layers a side (1)" },
  bidirectional: { type: "boolean", help: "read the source in both directions" },
  "reverse-source": { type: "boolean", help: "read the source from its last word to its first" },
  dropout: { type: "number", value: "P", min: 0, max: 1, help: "0 to 1 (0)" },
  tokenizer: { type: "string", value: "KIND", choices: ["word", "character"], help: "word or character (word)" },
  lowercase: { type: "boolean", help: "fold case" },
  "min-frequency": { type: "number", value: "N", integer: true, min: 1, help: "rarer tokens become unknown (1)" },
  "max-vocabulary": { type: "number", value: "N", integer: true, min: 5, help: "largest vocabulary a side (30000)" },
  "max-length": {
    type: "number",
    value: "N",
    integer: true,
    min: 1,
    help: "leave out longer sentences, in tokens (60)",
  },
  threads: threadsOption,
  json: { type: "boolean", help: "prints one JSON object for each epoch, and one for the best at the end" },
  seed: { type: "number", value: "N", integer: true, min: 0, help: "the same seed gives the same model (0)" },
} as const;

/** How soon after a Ctrl-C another is taken for its echo. */
const ECHO_MS = 200;

/** `seqgrad train` */
export const train: Command<typeof options> = {
  name: "train",
  summary: "Trains a translator on pairs of sentences, and saves it as a folder.",
  usage: "--train-tsv FILE --out DIR [options]",
  options,
  positionals: [],
  example:
    "  npx seqgrad train --train-tsv pairs.tsv --out my-model --epochs 12\n" +
    "  trains on pairs.tsv (English TAB French on each line), keeping the best epoch in my-model/.\n" +
    "  Ctrl-C stops cleanly; --resume goes on.",
  async run(values) {
    if (!values.out) throw new UsageError("train: expected --out DIR, got none");
    useThreads(values.threads);
    if (values.force && !values.resume) {
      const { config, "train-tsv": tsv, "train-src": src, "train-tgt": tgt } = values;
      checkOutside(values.out, [config, tsv, src, tgt, values["valid-src"], values["valid-tgt"]]);
    }
    if (!values.resume) {
      checkReplaceable(
        "train",
        values.out,
        values.force ?? false,
        "--force replaces a model, --resume goes on with it",
      );
    }
    const data = readData(values);
    const progress = new ProgressLine(values.epochs ?? 10, values["max-minutes"]);
    const stopping = new AbortController();
    const interrupt = (): void => {
      progress.note("stopping: a last validation, then the best model is kept (Ctrl-C again to leave at once)");
      stopping.abort();
      // npx passes on the Ctrl-C that the terminal has sent already: that one is not a second one. What comes while
      // this waits has no handler to go to any more.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ECHO_MS);
      process.off("SIGINT", interrupt);
    };
    process.on("SIGINT", interrupt);
    try {
      const result = await trainTranslator({
        ...data,
        folder: values.out,
        overwrite: values.force,
        resume: values.resume,
        model: {
          cell: values.cell as CellKind | undefined,
          hiddenSize: values.hidden,
          numLayers: values.layers,
          bidirectional: values.bidirectional,
          dropout: values.dropout,
        },
        reverseSource: values["reverse-source"],
        tokenizer: values.tokenizer as "word" | "character" | undefined,
        lowercase: values.lowercase,
        minFrequency: values["min-frequency"],
        maxVocabulary: values["max-vocabulary"],
        maxLength: values["max-length"],
        lr: values.lr,
        batchSize: values["batch-size"],
        clipNorm: values["clip-norm"],
        labelSmoothing: values["label-smoothing"],
        teacherForcing: values["teacher-forcing"],
        epochs: values.epochs,
        patience: values.patience,
        maxMinutes: values["max-minutes"],
        seed: values.seed,
        signal: stopping.signal,
        onStart: (report) => progress.note(describeStart(report)),
        onStep: (report) => progress.step(report),
        onValidation: (report) => {
          progress.note(describeValidation(report));
          if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
        },
      });
      if (values.json) {
        const { best, end } = result;
        process.stdout.write(`${JSON.stringify({ end, best, model: values.out })}\n`);
      }
      progress.note(
        `${result.end}; best: validation loss ${result.best.loss.toFixed(3)}, BLEU ${result.best.bleu.toFixed(1)}; saved in ${values.out}`,
      );
      progress.note(`try: npx seqgrad translate --model ${/\s/.test(values.out) ? `"${values.out}"` : values.out}`);
    } finally {
      progress.clear();
      process.off("SIGINT", interrupt);
    }
  },
};

function readData(values: Values<typeof options>): { train: readonly TextPair[]; valid?: readonly TextPair[] } {
  const { "train-src": src, "train-tgt": tgt, "train-tsv": tsv, "valid-src": validSrc, "valid-tgt": validTgt } = values;
  if (tsv && (src || tgt))
    throw new UsageError("train: expected either --train-tsv or --train-src and --train-tgt, got both");
  if (Boolean(src) !== Boolean(tgt))
    throw new UsageError("train: expected --train-src and --train-tgt together, got one");
  if ((tsv || src) && (values.level !== undefined || values.size !== undefined))
    throw new UsageError("train: --level and --size are for the built-in corpus, got files as well");
  if (Boolean(validSrc) !== Boolean(validTgt))
    throw new UsageError("train: expected --valid-src and --valid-tgt together, got one");
  const read = (option: keyof typeof options, file: string) => readInput(`train: --${option}`, file);
  const valid =
    validSrc && validTgt ? readParallel(read("valid-src", validSrc), read("valid-tgt", validTgt)) : undefined;
  if (tsv) return { train: readTsv(read("train-tsv", tsv).bytes, tsv), valid };
  if (src && tgt) return { train: readParallel(read("train-src", src), read("train-tgt", tgt)), valid };
  const { train, unseenSentences } = corpusSplits({
    level: (values.level ?? 3) as 1 | 2 | 3,
    trainSize: values.size ?? 20_000,
    testSize: 500,
    seed: values.seed,
  });
  return { train, valid: valid ?? unseenSentences };
}

function describeStart({ train: pairs, valid, inputSize, outputSize, parameters, doneEpochs }: StartReport): string {
  const left = [
    ...(pairs.tooLong > 0 ? [`${pairs.tooLong} over-long left out`] : []),
    ...(pairs.empty > 0 ? [`${pairs.empty} empty left out`] : []),
  ];
  const count = (n: number): string => n.toLocaleString("en");
  return [
    `${count(pairs.encoded.length)} training pairs${left.length > 0 ? ` (${left.join(", ")})` : ""}, ${count(valid.encoded.length)} for validation`,
    `vocabularies of ${count(inputSize)} and ${count(outputSize)} tokens, ${count(parameters)} parameters`,
    ...(doneEpochs > 0 ? [`resuming after epoch ${doneEpochs}`] : []),
  ].join("\n");
}

function describeValidation({ epoch, trainLoss, loss, bleu, best }: ValidationReport): string {
  const training = trainLoss === null ? "cut short" : `training loss ${trainLoss.toFixed(3)}`;
  return `epoch ${epoch}: ${training}, validation loss ${loss.toFixed(3)}, BLEU ${bleu.toFixed(1)}${best ? ", saved" : ""}`;
}
