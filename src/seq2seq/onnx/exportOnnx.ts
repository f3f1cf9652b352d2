import { show } from "../../show.js";
import type { Files } from "../files/store.js";
import { languageToJSON } from "../tasks/configFiles.js";
import { TextGenerator } from "../tasks/generation/textGenerator.js";
import { Translator } from "../tasks/translation/translator.js";
import { encoderGraph } from "./encoderGraph.js";
import { checkExportable } from "./exportable.js";
import { stepGraph } from "./stepGraph.js";

/**
 * A model as graphs that any runtime of ONNX runs (operator set 17), and its vocabularies; files by name.
 *
 * A translator is `encoder.onnx`, from a batch of sources to all that a step reads, `decoder.onnx`, one step of the decoder
 * (attention inside), and `source.json` and `target.json`, as a model folder has them. A generator of text has no encoder and no
 * source. Sizes of the batch and lengths are free. Throws `TypeError` on what is neither, or has a part of one's own class,
 * `Error` on a weight that is not finite, and `RangeError` on a graph of 2 GiB and more, which no reader takes.
 *
 * @example
 * const { "encoder.onnx": encoder, "decoder.onnx": decoder } = exportOnnx(Translator.load("model"));
 */
export function exportOnnx(model: Translator | TextGenerator): Files {
  if (model instanceof TextGenerator) {
    checkExportable(model.model);
    return {
      "decoder.onnx": stepGraph(model.model, model.model.config.residual),
      "target.json": languageToJSON(model.language),
    };
  }
  if (!(model instanceof Translator)) {
    throw new TypeError(`export: ${show(model)} cannot be exported, only a Translator or a TextGenerator`);
  }
  checkExportable(model.model);
  const { decoder, config } = model.model;
  return {
    "encoder.onnx": encoderGraph(model.model, model.reverseSource),
    "decoder.onnx": stepGraph(decoder, config.residual),
    "source.json": languageToJSON(model.source),
    "target.json": languageToJSON(model.target),
  };
}
