import { type TaskName, Translator } from "../seq2seq/index.js";
import { classification } from "./evaluators/classification.js";
import { commonOptions, type Evaluator } from "./evaluators/evaluator.js";
import { generation } from "./evaluators/generation.js";
import { transcription } from "./evaluators/transcription.js";
import { translation } from "./evaluators/translation.js";
import { taskOf } from "./modelFiles.js";
import { type Command, type Options, UsageError } from "./options.js";

const evaluators: Readonly<Record<TaskName, Evaluator>> = {
  translate: translation,
  generate: generation,
  transcribe: transcription,
  classify: classification,
};
const own: Options = Object.assign({}, ...Object.values(evaluators).map((evaluator) => evaluator.options));
const options: Options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train` made (required)" },
  ...own,
  ...commonOptions,
};

/** `seqgrad evaluate` */
export const evaluate: Command<Options> = {
  name: "evaluate",
  summary: "How good a model is on texts or recordings that it has not seen, by the scores of its task.",
  usage: "--model DIR (--src FILE --ref FILE [--ref FILE2 …] | --text FILE | --list FILE | --tsv FILE) [options]",
  options,
  positionals: [],
  example: "  npx seqgrad evaluate --model my-model --src test.en --ref test.fr --beam 5",
  async run(values) {
    const model = values.model as string | undefined;
    if (!model) throw new UsageError("evaluate: expected --model DIR, got none");
    const task = await readTask(model);
    const { needs, options: known, run } = evaluators[task];
    const missing = needs.filter((name) => values[name] === undefined).map((name) => `no --${name}`);
    const wanted = needs.map((name) => `--${name}`).join(" and ");
    if (missing.length > 0) {
      throw new UsageError(`evaluate: expected ${wanted} with a model of task ${task}, got ${missing.join(" and ")}`);
    }
    const foreign = Object.keys(own).find((name) => values[name] !== undefined && !Object.hasOwn(known, name));
    if (foreign) throw new UsageError(`evaluate: expected no --${foreign} with a model of task ${task}, got one`);
    await run(model, values);
  },
};

/** The task of a model. Throws what loading it throws where it has none that can be told, before any option is blamed. */
async function readTask(model: string): Promise<TaskName> {
  const task = await taskOf(model);
  if (task === null) Translator.load(model);
  return task ?? "translate";
}
