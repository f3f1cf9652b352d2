import { blaming } from "../../seq2seq/files/blaming.js";
import { readUtterances, resolveSettings, type SettingName, trainTranscriber } from "../../seq2seq/index.js";
import { optionName, withModelApart } from "../../seq2seq/tasks/settingsFile.js";
import { checkTranscriberSettings } from "../../seq2seq/tasks/transcription/trainTranscriber.js";
import { show } from "../../show.js";
import { UsageError, type Values } from "../options.js";
import { count } from "../trainReport.js";
import type { Trainer } from "./trainer.js";

const dataOptions = {
  "train-list": {
    type: "string",
    value: "FILE",
    help: "transcribe: PATH.wav TAB TEXT a line, paths from the list's folder",
  },
  "valid-list": {
    type: "string",
    value: "FILE",
    help: "recordings to judge each epoch by (else a twentieth is set aside)",
  },
} as const;

/** `train --task transcribe` */
export const transcription: Trainer = {
  dataOptions,
  command: "transcribe FILE.wav",
  open({ values, settings, began }) {
    const { "train-list": train, "valid-list": valid } = values as Values<typeof dataOptions>;
    if (train === undefined) throw new UsageError("train: expected --train-list FILE with --task transcribe, got none");
    if (values.from !== undefined) throw new UsageError("train: expected no --from with --task transcribe, got one");
    const nameOf = (name: SettingName): string => `--${optionName(name)}`;
    try {
      const { settings: all } = resolveSettings({ ...settings, task: "transcribe" }, began ?? undefined, nameOf);
      if (!began) checkTranscriberSettings(all, nameOf);
    } catch (error) {
      throw new UsageError((error as Error).message, { cause: error });
    }
    const lists = {
      train: readList("train: --train-list", train),
      valid: valid === undefined ? undefined : readList("train: --valid-list", valid),
    };
    return async (common, report) => {
      const { end, best } = await trainTranscriber({
        ...{ ...withModelApart(settings), ...lists, ...common },
        onStart(start) {
          const { trainUtterances, validUtterances, outputSize, unknown, parameters } = start;
          const lines = [
            `${count(trainUtterances)} recordings, and ${count(validUtterances)} for validation`,
            `a vocabulary of ${count(outputSize)} tokens, ${count(parameters)} parameters`,
            ...(unknown.length > 0 ? [`only validation texts have ${unknown.slice(0, 5).map(show).join(", ")}`] : []),
          ];
          report.start(start, lines, { trainUtterances, validUtterances, outputSize, unknown });
        },
      });
      return { end, best };
    };
  },
};

/** The recordings of a list; errors say what it was wanted for. */
export function readList(wanted: string, list: string) {
  return blaming(`${wanted}: `, () => readUtterances(list));
}
