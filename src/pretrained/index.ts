import { files } from "../../pretrained/files.js";
import { Translator } from "../seq2seq/index.js";

/**
 * The English→French translator that is in the package: trained from the built-in corpus, level 3, by
 * `scripts/pretrain.mjs`, its weights in 8 bits. Nothing is downloaded or read from a disk, in a page neither; what it
 * weighs is loaded with this entry alone. Each call makes a translator of its own.
 *
 * @example
 * loadPretrained().translate(["the black cat is sleeping"]); // ["Le chat noir dort."]
 */
export function loadPretrained(): Translator {
  const { weights, ...texts } = files;
  return Translator.fromFiles({ ...texts, "model.safetensors": bytesFrom(weights) });
}

function bytesFrom(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
