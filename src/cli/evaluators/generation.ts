import { TextGenerator } from "../../seq2seq/index.js";
import { readText } from "../inputs.js";
import type { Values } from "../options.js";
import { jsonLine } from "../plain.js";
import { useThreads } from "../threads.js";
import type { CommonOptions, Evaluator } from "./evaluator.js";

const options = {
  text: { type: "string", value: "FILE", help: "generate: a text, to tell how well it is foretold" },
} as const;

/** `evaluate` of a model that generates text. */
export const generation: Evaluator = {
  options,
  needs: ["text"],
  async run(model, values) {
    const { text: file = "", threads, json } = values as Values<typeof options & CommonOptions>;
    const text = readText("evaluate: --text", file);
    useThreads(threads);
    const loss = TextGenerator.load(model).loss(text);
    const perplexity = Math.exp(loss);
    process.stdout.write(
      json
        ? jsonLine({ loss, perplexity })
        : `loss  ${loss.toFixed(3)} nats a token (perplexity ${perplexity.toFixed(2)})\n`,
    );
  },
};
