import { Translator } from "../seq2seq/index.js";
import { type Command, configOption } from "./options.js";
import { jsonLine } from "./plain.js";

const options = {
  json: { type: "boolean", help: "prints a JSON object" },
  config: configOption,
} as const;

/** `seqgrad inspect` */
export const inspect: Command<typeof options> = {
  name: "inspect",
  summary: "Shows what a model folder holds: options, vocabularies, layers, shapes, sizes.",
  usage: "DIR [options]",
  options,
  positionals: ["DIR"],
  example: "  npx seqgrad inspect my-model",
  async run(values, [folder]) {
    const { model, source, target, reverseSource } = Translator.load(folder);
    const parameters = [...model.namedParameters()].map(([name, { shape, data }]) => ({
      name,
      shape,
      size: data.length,
    }));
    const total = parameters.reduce((sum, { size }) => sum + size, 0);
    if (values.json) {
      const languages = { source: source.tokenizer.toJSON(), target: target.tokenizer.toJSON() };
      process.stdout.write(jsonLine({ model: model.config, reverseSource, ...languages, parameters, total }));
      return;
    }
    const { cell, hiddenSize, numLayers, bidirectional, dropout } = model.config;
    const side = ({ tokenizer, vocabulary }: typeof source): string => {
      const { kind, lowercase } = tokenizer.toJSON();
      return `${vocabulary.size.toLocaleString("en")} ${kind} tokens${lowercase ? ", lowercase" : ""}`;
    };
    const width = Math.max(...parameters.map(({ name }) => name.length)) + 2;
    const lines = [
      `cell       ${cell}, ${numLayers} layer${numLayers === 1 ? "" : "s"} of ${hiddenSize}${bidirectional ? ", bidirectional encoder" : ""}, dropout ${dropout}`,
      `source     ${side(source)}${reverseSource ? ", read in reverse" : ""}`,
      `target     ${side(target)}`,
      "",
      ...parameters.map(
        ({ name, shape, size }) =>
          `${name.padEnd(width)}${shape.join(" × ").padEnd(14)}${size.toLocaleString("en").padStart(12)}`,
      ),
      `${"total".padEnd(width + 14)}${total.toLocaleString("en").padStart(12)}  (${((4 * total) / 1e6).toFixed(1)} MB)`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  },
};
