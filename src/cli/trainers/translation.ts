import { checkSubwords } from "../../seq2seq/data/prepare.js";
import {
  resolveSettings,
  type SettingName,
  type Settings,
  type StartReport,
  Translator,
  trainTranslator,
} from "../../seq2seq/index.js";
import { checkModel } from "../../seq2seq/models/config.js";
import { optionName, withModelApart } from "../../seq2seq/tasks/settingsFile.js";
import { modelConfig } from "../../seq2seq/tasks/translation/modelConfig.js";
import { withSettled } from "../../seq2seq/tasks/translation/settled.js";
import { checkInput } from "../inputs.js";
import { UsageError } from "../options.js";
import { count, describeLeftOut } from "../trainReport.js";
import type { Trainer } from "./trainer.js";
import { openData, translationData } from "./translationData.js";

/** `train --task translate` */
export const translation: Trainer = {
  dataOptions: translationData,
  command: "translate",
  open({ values, settings, began }) {
    const from = typeof values.from === "string" ? Translator.load(values.from) : undefined;
    checkTogether(settings, began, from);
    for (const name of ["sourceEmbeddings", "targetEmbeddings"] as const) {
      if (settings[name]) checkInput(`train: --${optionName(name)}`, settings[name]);
    }
    const { drawn, ...data } = openData(values, settings, began);
    return (common, report) =>
      trainTranslator({
        ...{ ...data, ...withModelApart(settings), ...drawn, from, ...common },
        onReading: report.onReading,
        onStart: (start) => report.start(start, describe(start), sizesOf(start)),
      });
  },
};

/**
 * Throws `UsageError`, by the names of options, on settings that contradict each other, the run that is resumed, or the
 * model to begin with.
 */
function checkTogether(given: Partial<Settings>, began: Settings | null, from: Translator | undefined): void {
  const nameOf = (name: SettingName): string => `--${optionName(name)}`;
  try {
    const { settings } = resolveSettings(withSettled(given, from, nameOf), began ?? undefined, nameOf);
    if (began) return; // its settings are those of a model that is there
    checkSubwords("train", settings, nameOf);
    checkModel(modelConfig(settings), "train", nameOf);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function describe({ train, valid, inputSize, outputSize, parameters, settings }: StartReport): string[] {
  const origin = settings.level === null ? "" : ` of the built-in corpus, level ${settings.level}`;
  const validation = `${count(valid.pairs.length)} for validation${describeLeftOut(valid)}`;
  const { firstTooLong } = train;
  return [
    `${count(train.pairs.length)} training pairs${origin}${describeLeftOut(train)}, ${validation}`,
    ...(firstTooLong
      ? [`the first over-long pair: line ${firstTooLong.line}, ${count(firstTooLong.tokens)} tokens`]
      : []),
    `vocabularies of ${count(inputSize)} and ${count(outputSize)} tokens, ${count(parameters)} parameters`,
  ];
}

function sizesOf({ train, valid, inputSize, outputSize }: StartReport): object {
  return { trainPairs: train.pairs.length, validPairs: valid.pairs.length, inputSize, outputSize };
}
