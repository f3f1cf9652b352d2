import { defaultSettings, type History } from "../seq2seq/index.js";
import { settingsFile } from "../seq2seq/tasks/settingsFile.js";
import { inspected } from "./inspected.js";
import { readHistory, readSettingsFile } from "./modelFiles.js";
import { type Command, configOption } from "./options.js";
import { jsonLine } from "./plain.js";
import { describeOptions, type Preset } from "./presets.js";
import { duration } from "./progress.js";
import { count } from "./trainReport.js";

const options = {
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;

/** `seqgrad inspect` */
export const inspect: Command<typeof options> = {
  name: "inspect",
  summary: "Shows what a model folder holds: options, vocabularies, how it was trained, layers, shapes, sizes.",
  usage: "DIR [options]",
  options,
  positionals: ["DIR"],
  example: "  npx seqgrad inspect my-model",
  async run(values, [folder]) {
    const { model, json, lines: about } = await inspected(folder);
    const parameters = [...model.namedParameters()].map(([name, { shape, data }]) => ({
      name,
      shape,
      size: data.length,
    }));
    const total = parameters.reduce((sum, { size }) => sum + size, 0);
    const history = await readHistory(folder);
    const settings = await readSettingsFile(folder);
    if (values.json) {
      const summary = { parameters, total, settings, history: history && summarise(history) };
      process.stdout.write(jsonLine({ ...json, ...summary }));
      return;
    }
    const width = parameters.reduce((longest, { name }) => Math.max(longest, name.length), 0) + 2;
    const lines = [
      ...about,
      ...(settings ? describeSettings(settings) : []),
      ...(history ? describeHistory(summarise(history)) : []),
      "",
      ...parameters.map(
        ({ name, shape, size }) => `${name.padEnd(width)}${shape.join(" × ").padEnd(14)}${count(size).padStart(12)}`,
      ),
      `${"total".padEnd(width + 14)}${count(total).padStart(12)}  (${((4 * total) / 1e6).toFixed(1)} MB)`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  },
};

/** Where a run was asked to be other than by default. */
function describeSettings(settings: Preset["options"]): string[] {
  const initial: Record<string, unknown> = JSON.parse(settingsFile(defaultSettings));
  const own = Object.entries(settings).filter(([name, value]) => value !== initial[name]);
  return describeOptions(Object.fromEntries(own)).map(
    (line, i) => `${i === 0 ? "settings   " : " ".repeat(11)}${line}`,
  );
}

/** A score as its authors write it. */
function scoreName(name: string): string {
  return { bleu: "BLEU", chrf: "chrF", wer: "WER", cer: "CER" }[name] ?? name;
}

/** What a run's history comes to. */
function summarise({ steps, validations }: History) {
  return {
    steps: steps.loss.length,
    epochs: validations.at(-1)?.epoch ?? 0,
    seconds: Math.max(steps.seconds.at(-1) ?? 0, validations.at(-1)?.seconds ?? 0),
    best: validations.findLast(({ best }) => best) ?? null,
    last: validations.at(-1) ?? null,
  };
}

function describeHistory({ steps, epochs, seconds, best, last }: ReturnType<typeof summarise>): string[] {
  const time = `${count(steps)} step${steps === 1 ? "" : "s"} in ${epochs} epoch${epochs === 1 ? "" : "s"}, ${duration(seconds)}`;
  const describe = ({ epoch, scores, averaged }: NonNullable<typeof last>): string =>
    `${averaged === undefined ? `epoch ${epoch}` : `average of ${averaged} checkpoints`}, ${Object.entries(scores)
      .map(([name, score]) => `${scoreName(name)} ${Number(score.toFixed(3))}`)
      .join(", ")}`;
  return [
    `trained    ${time}`,
    ...(best ? [`best       ${describe(best)} (chosen by ${scoreName(best.criterion)})`] : []),
    ...(last && last !== best ? [`last       ${describe(last)}`] : []),
  ];
}
