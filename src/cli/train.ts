import { checkReplaceable } from "../seq2seq/files/modelFolder.js";
import { SETTINGS, type TaskName } from "../seq2seq/index.js";
import { checkOutside } from "./inputs.js";
import { readRunSettings } from "./modelFiles.js";
import { type Command, configOption, convertAll, type Options, UsageError, type Values } from "./options.js";
import { presetNames, presetPage, readPreset } from "./presets.js";
import { givenSettings, settingOptions } from "./settingOptions.js";
import { stoppable } from "./stopping.js";
import { useThreads } from "./threads.js";
import { classification } from "./trainers/classification.js";
import { generation } from "./trainers/generation.js";
import type { Trainer } from "./trainers/trainer.js";
import { transcription } from "./trainers/transcription.js";
import { translation } from "./trainers/translation.js";
import { TrainReport } from "./trainReport.js";

const trainers: Readonly<Record<TaskName, Trainer>> = {
  translate: translation,
  generate: generation,
  transcribe: transcription,
  classify: classification,
};
const dataOptions: Options = Object.assign({}, ...Object.values(trainers).map((trainer) => trainer.dataOptions));

const options = {
  ...settingOptions(SETTINGS.task),
  ...dataOptions,
  ...settingOptions(SETTINGS.data),
  out: { type: "string", value: "DIR", help: "where the model folder goes (required)" },
  force: { type: "boolean", help: "replace the model that DIR holds" },
  resume: {
    type: "boolean",
    help: "go on from the checkpoint in DIR, with the same data; options left out stay as they were",
  },
  from: {
    type: "string",
    value: "DIR",
    help: "begin with the weights and vocabularies of the model in DIR; a run of its own, perhaps on other data",
  },
  preset: {
    type: "string",
    value: "NAME",
    get help() {
      return `options with a measured result, told by --preset NAME --help: ${presetNames().join(", ")}`;
    },
  },
  config: configOption,
  ...settingOptions(SETTINGS.run),
  ...settingOptions(SETTINGS.training),
  ...settingOptions(SETTINGS.model),
  ...settingOptions(SETTINGS.text),
  ...settingOptions(SETTINGS.audio),
  json: { type: "boolean", help: "prints each event, such as a step or a validation, as a JSON object" },
} as const;

/** `seqgrad train` */
export const train: Command<typeof options> = {
  name: "train",
  summary: "Trains a translator on pairs of sentences, or another model, and saves it as a folder.",
  usage: "--train-tsv FILE --out DIR [options]",
  options,
  positionals: [],
  example:
    "  npx seqgrad train --train-tsv pairs.tsv --out my-model --epochs 12\n" +
    "  trains on pairs.tsv (English TAB French on each line), keeping the best model in my-model/.\n" +
    "  Ctrl-C, SIGTERM or SIGHUP stops cleanly, with exit code 0; --resume goes on.",
  helpOn({ preset }) {
    return typeof preset === "string" ? presetPage(preset) : null;
  },
  async run(given) {
    const values = withPreset(given);
    const { out, resume = false, force = false } = values;
    if (!out) throw new UsageError("train: expected --out DIR, got none");
    if (resume && force) throw new UsageError("train: expected either --resume or --force, got both");
    if (resume && values.from) throw new UsageError("train: expected either --resume or --from, got both");
    const settings = givenSettings(values);
    if (!resume) checkOut(out, values);
    const began = resume ? await readRunSettings(out) : null;
    if (resume && !began) {
      throw new Error(`resume: expected a model folder with a checkpoint to go on from, got ${out}, which has none`);
    }
    const task = settings.task ?? began?.task ?? "translate";
    const trainer = trainers[task];
    const foreign = Object.keys(dataOptions).find((name) => name in values && !(name in trainer.dataOptions));
    if (foreign) throw new UsageError(`train: expected no --${foreign} with --task ${task}, got one`);
    const run = trainer.open({ values, settings, began });
    useThreads(settings.threads ?? began?.threads);
    const report = new TrainReport(values);
    const { onStep, onValidation } = report;
    const onStop = (): void =>
      report.note("stopping: a last validation, then the best model is kept (Ctrl-C again to leave at once)");
    const common = { folder: out, overwrite: force, resume, onStep, onValidation };
    try {
      const { end, best } = await stoppable((signal) => run({ ...common, signal }, report), onStop);
      report.end(end, best, out, trainer.command);
    } finally {
      report.clear();
    }
  },
};

/** The options given and, for the others, those of the preset. */
function withPreset(values: Values<typeof options>): Values<typeof options> {
  return values.preset === undefined ? values : { ...convertAll(train, readPreset(values.preset).options), ...values };
}

/** Throws `Error` when there is something in the place of the model that has to stay. */
function checkOut(out: string, values: Values<typeof options>): void {
  const { force = false, from, config } = values;
  const { sourceEmbeddings, targetEmbeddings } = givenSettings(values);
  const data = Object.keys(dataOptions).map((name) => (values as Values<Options>)[name]);
  const files = [from, config, ...data, sourceEmbeddings, targetEmbeddings];
  if (force)
    checkOutside(
      out,
      files.map((file) => (typeof file === "string" ? file : undefined)),
    );
  checkReplaceable("train", out, force, "--force replaces a model, --resume goes on with it");
}
