import type { Level } from "../corpus/index.js";
import { checkReplaceable } from "../seq2seq/files/modelFolder.js";
import {
  defaultSettings,
  SETTINGS,
  type StartReport,
  trainTranslator,
  type ValidationReport,
} from "../seq2seq/index.js";
import { checkOutside } from "./inputs.js";
import { type Command, configOption, UsageError, type Values } from "./options.js";
import { jsonLine } from "./plain.js";
import { ProgressLine } from "./progress.js";
import { givenSettings, settingOptions } from "./settingOptions.js";
import { stoppable } from "./stopping.js";
import { useThreads } from "./threads.js";
import { dataOptions, readData } from "./trainData.js";

const options = {
  ...dataOptions,
  ...settingOptions(SETTINGS.data),
  out: { type: "string", value: "DIR", help: "where the model folder goes (required)" },
  force: { type: "boolean", help: "replace the model that DIR holds" },
  resume: {
    type: "boolean",
    help: "go on from the checkpoint in DIR, with the same data; options left out stay as they were",
  },
  config: configOption,
  ...settingOptions(SETTINGS.run),
  ...settingOptions(SETTINGS.training),
  ...settingOptions(SETTINGS.model),
  ...settingOptions(SETTINGS.text),
  json: { type: "boolean", help: "prints one JSON object for each epoch, and one for the best at the end" },
} as const;

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
    "  Ctrl-C, SIGTERM or SIGHUP stops cleanly, with exit code 0; --resume goes on.",
  async run(values) {
    const { out } = values;
    if (!out) throw new UsageError("train: expected --out DIR, got none");
    const given = givenSettings(values);
    useThreads(given.threads);
    if (!values.resume) checkOut(out, values);
    const { level, ...data } = readData(values, given, values.resume);
    const progress = new ProgressLine(given.epochs ?? defaultSettings.epochs, given.maxMinutes);
    const onStop = (): void =>
      progress.note("stopping: a last validation, then the best model is kept (Ctrl-C again to leave at once)");
    try {
      const run = (signal: AbortSignal) =>
        trainTranslator({
          ...data,
          folder: out,
          overwrite: values.force,
          resume: values.resume,
          ...given,
          model: given,
          signal,
          onStart: (report) => progress.note(describeStart(report, level)),
          onStep: (report) => progress.step(report),
          onValidation: (report) => {
            progress.note(describeValidation(report));
            const { epoch, trainLoss, loss, bleu, best } = report;
            if (values.json) process.stdout.write(jsonLine({ epoch, trainLoss, loss, bleu, best }));
          },
        });
      const result = await stoppable(run, onStop);
      if (values.json) {
        const { best, end } = result;
        process.stdout.write(jsonLine({ end, best, model: out }));
      }
      const end = result.end === "finished" ? "finished" : "stopped"; // by whom, the reader knows
      const { loss, bleu } = result.best;
      progress.note(`${end}; best: validation loss ${loss.toFixed(3)}, BLEU ${bleu.toFixed(1)}; saved in ${out}`);
      progress.note(`try: npx seqgrad translate --model ${/\s/.test(out) ? `"${out}"` : out}`);
    } finally {
      progress.clear();
    }
  },
};

/** Throws `Error` when there is something in the place of the model that has to stay. */
function checkOut(out: string, values: Values<typeof options>): void {
  const { force = false, config, "train-tsv": tsv, "train-src": src, "train-tgt": tgt } = values;
  if (force) checkOutside(out, [config, tsv, src, tgt, values["valid-src"], values["valid-tgt"]]);
  checkReplaceable("train", out, force, "--force replaces a model, --resume goes on with it");
}

function describeStart(report: StartReport, level: Level | undefined): string {
  const { train: pairs, valid, inputSize, outputSize, parameters, doneEpochs } = report;
  const left = [
    ...(pairs.tooLong > 0 ? [`${pairs.tooLong} over-long left out`] : []),
    ...(pairs.empty > 0 ? [`${pairs.empty} empty left out`] : []),
  ];
  const count = (n: number): string => n.toLocaleString("en");
  const origin = level === undefined ? "" : ` of the built-in corpus, level ${level}`;
  return [
    `${count(pairs.pairs.length)} training pairs${origin}${left.length > 0 ? ` (${left.join(", ")})` : ""}, ${count(valid.pairs.length)} for validation`,
    `vocabularies of ${count(inputSize)} and ${count(outputSize)} tokens, ${count(parameters)} parameters`,
    ...(doneEpochs > 0 ? [`resuming after epoch ${doneEpochs}`] : []),
  ].join("\n");
}

function describeValidation({ epoch, trainLoss, loss, bleu, best }: ValidationReport): string {
  const training = trainLoss === null ? "cut short" : `training loss ${trainLoss.toFixed(3)}`;
  return `epoch ${epoch}: ${training}, validation loss ${loss.toFixed(3)}, BLEU ${bleu.toFixed(1)}${best ? ", saved" : ""}`;
}
