import { oneOf } from "../options.js";
import { writeFiles } from "../seq2seq/files/folderStore.js";
import { checkReplaceable } from "../seq2seq/files/modelFolder.js";
import { exportOnnx, type TaskName, TextGenerator, Translator } from "../seq2seq/index.js";
import { taskOf } from "./modelFiles.js";
import { type Command, configOption, UsageError } from "./options.js";

const options = {
  model: {
    type: "string",
    value: "DIR",
    help: "a model folder that `train` made, of task translate or generate (required)",
  },
  out: { type: "string", value: "DIR", help: "a new folder for the graphs and the vocabularies (required)" },
  format: { type: "string", value: "NAME", ...oneOf(["onnx"], "onnx"), help: "onnx, operator set 17 (onnx)" },
  config: configOption,
} as const;

/** `seqgrad export` */
export const exportModel: Command<typeof options> = {
  name: "export",
  summary: "Writes a model for other runtimes: as ONNX graphs of the encoder and of one step of the decoder.",
  usage: "--model DIR --out DIR [options]",
  options,
  positionals: [],
  example: "  npx seqgrad export --model my-model --out my-model-onnx",
  async run({ model, out }) {
    if (!model) throw new UsageError("export: expected --model DIR, got none");
    if (!out) throw new UsageError("export: expected --out DIR, got none");
    checkReplaceable("export", out, false, "choose another");
    const files = exportOnnx(await load(model));
    writeFiles(out, files);
    process.stderr.write(`wrote ${Object.keys(files).join(", ")} to ${out}\n`);
  },
};

/** Throws `Error` on a model of a task that has no graphs, and what loading it throws. */
async function load(folder: string): Promise<Translator | TextGenerator> {
  const loaders: Readonly<Partial<Record<TaskName, (folder: string) => Translator | TextGenerator>>> = {
    translate: Translator.load,
    generate: TextGenerator.load,
  };
  const task = (await taskOf(folder)) ?? "translate";
  const loader = loaders[task];
  if (loader) return loader(folder);
  throw new Error(`export: a model of task ${task} cannot be exported, only one of translate or generate`);
}
