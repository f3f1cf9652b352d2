import { defaultSettings, type History, type Seq2SeqConfig, type Tokenizer, Translator } from "../seq2seq/index.js";
import { settingsFile } from "../seq2seq/tasks/settingsFile.js";
import { readHistory, readSettingsFile } from "./modelFiles.js";
import { type Command, configOption } from "./options.js";
import { jsonLine } from "./plain.js";
import { describeOptions, type Preset } from "./presets.js";
import { duration } from "./progress.js";

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
    const { model, source, target, reverseSource } = Translator.load(folder);
    const parameters = [...model.namedParameters()].map(([name, { shape, data }]) => ({
      name,
      shape,
      size: data.length,
    }));
    const total = parameters.reduce((sum, { size }) => sum + size, 0);
    const history = await readHistory(folder);
    const settings = await readSettingsFile(folder);
    if (values.json) {
      const languages = { source: summariseTokenizer(source.tokenizer), target: summariseTokenizer(target.tokenizer) };
      process.stdout.write(
        jsonLine({
          model: model.config,
          reverseSource,
          ...languages,
          parameters,
          total,
          settings,
          history: history && summarise(history),
        }),
      );
      return;
    }
    const side = ({ tokenizer, vocabulary }: typeof source): string => {
      const { kind, lowercase, merges } = summariseTokenizer(tokenizer);
      const what = merges === undefined ? `${kind} tokens` : `pieces of ${kind} tokens by ${count(merges)} merges`;
      return `${count(vocabulary.size)} ${what}${lowercase ? ", lowercase" : ""}`;
    };
    const width = parameters.reduce((longest, { name }) => Math.max(longest, name.length), 0) + 2;
    const lines = [
      ...describeModel(model.config),
      `source     ${side(source)}${reverseSource ? ", read in reverse" : ""}`,
      `target     ${side(target)}`,
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

/** A tokeniser's options and, where it cuts words into subwords, of how many merges its BPE is. */
function summariseTokenizer(tokenizer: Tokenizer) {
  const config = tokenizer.toJSON();
  return config.kind === "bpe" ? { ...config.words, merges: config.merges.length } : { ...config, merges: undefined };
}

function count(n: number): string {
  return n.toLocaleString("en");
}

function describeModel(config: Seq2SeqConfig): string[] {
  const { cell = "gru", hiddenSize, numLayers = 1, bidirectional = false, dropout = 0, attention = "none" } = config;
  const { embeddingSize = hiddenSize, layerNorm, residual, initialState = "last", tied = "none", lexical } = config;
  const layers = `${numLayers} layer${numLayers === 1 ? "" : "s"} of ${hiddenSize}`;
  const how = [
    ...(config.conditional ? ["inside the step"] : []),
    ...(config.inputFeeding ? ["with input feeding"] : []),
    ...(config.contextInput ? ["the context read at every step"] : []),
  ];
  const besides = [
    ...(embeddingSize === hiddenSize ? [] : [`embeddings of ${embeddingSize}`]),
    ...(layerNorm ? ["layer normalisation"] : []),
    ...(residual ? ["residual layers"] : []),
    ...(initialState === "mean" ? ["the decoder begins with a mean"] : []),
    ...(tied === "none" ? [] : [tied === "all" ? "one table for all words" : "the decoder's tables tied"]),
    ...(lexical ? ["lexical model"] : []),
  ];
  return [
    `cell       ${cell}, ${layers}${bidirectional ? ", bidirectional encoder" : ""}, dropout ${dropout}`,
    `attention  ${[attention, ...how].join(", ")}`,
    ...(besides.length > 0 ? [`besides    ${besides.join(", ")}`] : []),
  ];
}

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
  return { bleu: "BLEU", chrf: "chrF" }[name] ?? name;
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
