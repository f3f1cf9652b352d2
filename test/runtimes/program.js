/**
 * What every runtime must do alike: train a few steps of a small translator, keep it, read it back, translate. The sizes
 * are such that threads share the work.
 */
import { runtimeInfo, seq2seq, startThreads, version } from "seqgrad";

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Numbers and how they are read: "4 0 7" and "four zero seven". */
const pairs = Array.from({ length: 256 }, (_, i) => {
  const digits = [...String(100 + ((7 * i) % 900))].map(Number);
  return { source: digits.join(" "), target: digits.map((digit) => DIGITS[digit]).join(" ") };
});

/** Trains in `store`, and says how it went and on what. */
export async function program(store) {
  await startThreads(2);
  const losses = [];
  await seq2seq.trainTranslator({
    train: pairs.slice(0, 224),
    valid: pairs.slice(224),
    store,
    model: { hiddenSize: 96 },
    lr: 0.01,
    batchSize: 32,
    epochs: 5,
    seed: 1,
    onStep: ({ loss }) => losses.push(loss),
  });
  const names = await store.list();
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await store.read(name)])));
  const translator = seq2seq.Translator.fromFiles(files);
  return { ...runtimeInfo(), version, losses, translations: translator.translate(["4 0 7", "9 8 2"]) };
}
