import { asObject } from "../../options.js";
import { WEIGHTS } from "./modelFolder.js";
import { decodeSealed, encodeSealed, sealedWith } from "./seal.js";
import type { Files } from "./store.js";

/**
 * A model's files with its weights in 8 bits: about a quarter of their size. A matrix is kept as whole numbers with a scale
 * for each row, and read back as floats that are off by no more than half of it; vectors, such as biases, stay as they are.
 *
 * Throws `Error`, beginning with the name of a file, on files that are of no model or damaged.
 *
 * @example
 * const small = quantize(Translator.load("model").files());
 * await new FolderStore("small").write(small);
 * Translator.load("small"); // like every other
 */
export function quantize(files: Files): Files {
  asObject("quantize", "a model's files by name", files);
  const content = decodeSealed(files, WEIGHTS);
  return { ...files, [WEIGHTS]: encodeSealed(content, sealedWith(files, WEIGHTS), { bits: 8 }) };
}
