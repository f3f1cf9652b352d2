import { resolveSettings, type SettingName, trainTextGenerator } from "../../seq2seq/index.js";
import { checkLanguageSettings } from "../../seq2seq/tasks/generation/trainTextGenerator.js";
import { optionName, withModelApart } from "../../seq2seq/tasks/settingsFile.js";
import { readText } from "../inputs.js";
import { UsageError, type Values } from "../options.js";
import { count } from "../trainReport.js";
import type { Trainer } from "./trainer.js";

const dataOptions = {
  "train-text": { type: "string", value: "FILE", help: "generate: a text to go on like" },
  "valid-text": {
    type: "string",
    value: "FILE",
    help: "generate: a text to judge by (else the last twentieth of the other)",
  },
} as const;

/** `train --task generate` */
export const generation: Trainer = {
  dataOptions,
  command: "generate",
  open({ values, settings, began }) {
    const { "train-text": train, "valid-text": valid } = values as Values<typeof dataOptions>;
    if (train === undefined) throw new UsageError("train: expected --train-text FILE with --task generate, got none");
    if (values.from !== undefined) throw new UsageError("train: expected no --from with --task generate, got one");
    const nameOf = (name: SettingName): string => `--${optionName(name)}`;
    try {
      const { settings: all } = resolveSettings({ ...settings, task: "generate" }, began ?? undefined, nameOf);
      if (!began) checkLanguageSettings(all, nameOf);
    } catch (error) {
      throw new UsageError((error as Error).message, { cause: error });
    }
    const texts = {
      train: readText("train: --train-text", train),
      valid: valid === undefined ? undefined : readText("train: --valid-text", valid),
    };
    return async (common, report) => {
      const { end, best } = await trainTextGenerator({
        ...{ ...withModelApart(settings), ...texts, ...common },
        onStart(start) {
          const { trainTokens, validTokens, outputSize, parameters } = start;
          const lines = [
            `a text of ${count(trainTokens)} tokens, and one of ${count(validTokens)} for validation`,
            `a vocabulary of ${count(outputSize)} tokens, ${count(parameters)} parameters`,
          ];
          report.start(start, lines, { trainTokens, validTokens, outputSize });
        },
      });
      return { end, best };
    };
  },
};
