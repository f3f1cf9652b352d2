import { blaming } from "../seq2seq/files/blaming.js";
import { type TextTranslator, Translator, TranslatorEnsemble } from "../seq2seq/index.js";

/** `--model` of commands that translate. */
export const modelsOption = {
  type: "string",
  value: "DIR",
  many: true,
  help: "a model folder that `train` made; given several times, an ensemble of them (default: the English→French one in the package, with --replace-unknown)",
} as const;

/**
 * The translator of a folder, the ensemble of several or, without any, the package's own, which only those load who ask for
 * it. Throws `Error` naming the folder that does not go with the first.
 */
export async function openTranslator(command: string, folders?: readonly string[]): Promise<TextTranslator> {
  if (!folders) return (await import("../pretrained/index.js")).loadPretrained();
  const [folder, ...others] = folders;
  const first = Translator.load(folder);
  if (others.length === 0) return first;
  const members = others.map((other) => {
    const member = Translator.load(other);
    blaming(`${command}: --model ${other}: `, () => new TranslatorEnsemble([first, member]));
    return member;
  });
  return new TranslatorEnsemble([first, ...members]);
}
