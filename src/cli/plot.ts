import { drawCurves } from "../seq2seq/index.js";
import { checkOutput, writeOutput } from "./inputs.js";
import { readHistory } from "./modelFiles.js";
import { type Command, configOption, UsageError } from "./options.js";

const options = {
  out: { type: "string", value: "FILE.svg", help: "where the picture goes (standard output)" },
  config: configOption,
} as const;

/** `seqgrad plot` */
export const plot: Command<typeof options> = {
  name: "plot",
  summary: "Draws the curves of a training, its losses and scores over its steps, as an SVG picture.",
  usage: "DIR [--out FILE.svg]",
  options,
  positionals: ["DIR"],
  example: "  npx seqgrad plot my-model --out curves.svg",
  async run({ out }, [folder]) {
    if (out === undefined && process.stdout.isTTY) {
      throw new UsageError("plot: expected --out FILE.svg or > FILE.svg, got a terminal, which cannot show a picture");
    }
    const file = out === undefined ? null : checkOutput("plot: --out", out);
    const history = await readHistory(folder);
    if (!history)
      throw new Error(`plot: expected a folder with the history of a training, got ${folder}, which has none`);
    const svg = drawCurves(history);
    if (file === null) process.stdout.write(svg);
    else writeOutput("plot: --out", file, svg);
  },
};
