import { type Labelled, resolveSettings, type SettingName, streamTsv, trainClassifier } from "../../seq2seq/index.js";
import { checkClassifierSettings } from "../../seq2seq/tasks/classification/trainClassifier.js";
import { optionName, withModelApart } from "../../seq2seq/tasks/settingsFile.js";
import { checkInput } from "../inputs.js";
import { UsageError, type Values } from "../options.js";
import { count, describeLeftOut } from "../trainReport.js";
import type { Trainer } from "./trainer.js";
import { translationData } from "./translationData.js";

const { "train-tsv": trainTsv, "valid-tsv": validTsv } = translationData;
const dataOptions = { "train-tsv": trainTsv, "valid-tsv": validTsv } as const;

/** `train --task classify` */
export const classification: Trainer = {
  dataOptions,
  command: "classify",
  open({ values, settings, began }) {
    const { "train-tsv": train, "valid-tsv": valid } = values as Values<typeof dataOptions>;
    if (train === undefined) throw new UsageError("train: expected --train-tsv FILE with --task classify, got none");
    if (values.from !== undefined) throw new UsageError("train: expected no --from with --task classify, got one");
    const nameOf = (name: SettingName): string => `--${optionName(name)}`;
    try {
      const { settings: all } = resolveSettings({ ...settings, task: "classify" }, began ?? undefined, nameOf);
      if (!began) checkClassifierSettings(all, nameOf);
    } catch (error) {
      throw new UsageError((error as Error).message, { cause: error });
    }
    const data = {
      train: streamLabelled(checkInput("train: --train-tsv", train)),
      valid: valid === undefined ? undefined : streamLabelled(checkInput("train: --valid-tsv", valid)),
    };
    return async (common, report) => {
      const { end, best } = await trainClassifier({
        ...{ ...withModelApart(settings), ...data, ...common },
        onStart(start) {
          const { trainExamples, validExamples, empty, labels, inputSize, parameters } = start;
          const lines = [
            `${count(trainExamples)} training texts, ${count(validExamples)} for validation` +
              `${describeLeftOut({ empty, tooLong: 0 })}, ${count(labels.length)} labels`,
            `a vocabulary of ${count(inputSize ?? 0)} tokens, ${count(parameters)} parameters`,
          ];
          report.start(start, lines, { trainExamples, validExamples, empty, labels, inputSize });
        },
      });
      return { end, best };
    };
  },
};

/** The texts of a file with their labels: text TAB label on each line. Throws as {@link streamTsv} does. */
export async function* streamLabelled(path: string): AsyncGenerator<Labelled, void, undefined> {
  for await (const { source, target } of streamTsv(path)) yield { input: source, label: target.trim() };
}
