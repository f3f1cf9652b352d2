// Models of every kind with random weights, and small ones that have learnt something.
import { Generator, seq2seq } from "seqgrad";
import { generateCorpus } from "seqgrad/corpus";

const { LanguageModel, Seq2Seq, TextGenerator, Translator, trainTranslator, Vocabulary, WordTokenizer } = seq2seq;

const SIZES = { inputSize: 31, outputSize: 29, hiddenSize: 24, embeddingSize: 20 };
const CELLS = ["gru", "lstm", "rnn"];
const deep = { numLayers: 3, bidirectional: true };
const additive = { attention: "additive" };

/** What each of the three cells is tried with. */
const KINDS = {
  "fixed context": {},
  "fixed context, read at each step, tied": { contextInput: true, embeddingSize: 24, tied: "decoder" },
  "fixed context, deep, residual": { ...deep, residual: true },
  "fixed context, a mean first": { ...deep, initialState: "mean" },
  "dot attention": { attention: "dot", numLayers: 2 },
  "general attention": { attention: "general", ...deep },
  "additive attention, residual": { ...additive, ...deep, residual: true },
  "additive attention, one table": { ...additive, tied: "all", inputSize: 29, lexical: true },
  "additive attention, lexical": { ...additive, bidirectional: true, lexical: true },
  "input feeding": { ...additive, ...deep, inputFeeding: true, residual: true },
  "input feeding, tied, dot": { attention: "dot", inputFeeding: true, tied: "decoder", lexical: true },
  conditional: { ...additive, bidirectional: true, conditional: true, initialState: "mean" },
  "conditional, deep": { attention: "general", ...deep, conditional: true, residual: true },
  "layer normalisation": { ...additive, ...deep, layerNorm: true },
  "layer normalisation, conditional": { ...additive, ...deep, layerNorm: true, conditional: true, residual: true },
  "layer normalisation, input feeding": { attention: "general", layerNorm: true, inputFeeding: true, numLayers: 2 },
};

/** Translators with weights that differ clearly, so that what is exchanged shows. */
export function* randomTranslators() {
  let seed = 0;
  for (const cell of CELLS) {
    for (const [name, config] of Object.entries(KINDS)) {
      for (const reverseSource of [false, true]) {
        const model = new Seq2Seq({ ...SIZES, cell, ...config }, { generator: new Generator(++seed) });
        disturb(model, seed);
        const [source, target] = [language(model.config.inputSize), language(model.config.outputSize)];
        const translator = new Translator({ model: model.eval(), source, target, reverseSource });
        yield { name: `${cell}, ${name}${reverseSource ? ", read in reverse" : ""}`, translator };
      }
    }
  }
}

export function* randomGenerators() {
  for (const cell of CELLS) {
    for (const layerNorm of [false, true]) {
      const config = { outputSize: 29, hiddenSize: 24, numLayers: 2, residual: true, cell, layerNorm, tied: layerNorm };
      const model = new LanguageModel(config, { generator: new Generator(7) });
      disturb(model, 8);
      const name = `${cell}, generator of text${layerNorm ? ", layer normalisation, tied" : ""}`;
      yield { name, generator: new TextGenerator({ model: model.eval(), language: language(29) }) };
    }
  }
}

/** Gains that are not 1 and biases that are not 0; more would make some models so chaotic that rounding alone moves them. */
function disturb(model, seed) {
  const generator = new Generator(seed);
  for (const { data } of model.parameters()) {
    for (let i = 0; i < data.length; i++) data[i] += 0.2 * (generator.random() - 0.5);
  }
}

function language(size) {
  const own = Array.from({ length: size - 4 }, (_, i) => `w${i}`);
  const vocabulary = Vocabulary.fromJSON({ tokens: ["<pad>", "<unk>", "<bos>", "<eos>", ...own] });
  return { tokenizer: new WordTokenizer(), vocabulary };
}

/** A translator of the built-in sentences that has learnt for some seconds: two layers, both directions, attention. */
export async function trainedTranslator(cell) {
  const { translator } = await trainTranslator({
    train: generateCorpus({ level: 2, size: 3000, seed: 1 }),
    model: { cell, hiddenSize: 64, numLayers: 2, bidirectional: true, attention: "additive" },
    ...{ lr: 0.004, batchSize: 32, epochs: 3, seed: 1 },
  });
  return translator;
}

/** Sentences to translate. */
export function sentences(level, count) {
  return generateCorpus({ level, size: count, seed: 99 }).map(({ source }) => source);
}
