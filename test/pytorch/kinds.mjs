// Translators of every kind, small enough to be trained in seconds: each option of a model, and each kind of text, is at
// least in one of them. `settings` are those of `trainTranslator`.
import { Generator } from "seqgrad";

const usual = { lr: 0.01, batchSize: 16, epochs: 5, maxLength: 40, threads: 1 };

export const kinds = [
  {
    name: "GRU with a fixed context",
    settings: { ...usual, lowercase: true, model: { attention: "none", hiddenSize: 24 } },
  },
  {
    name: "LSTM in both directions, its context at every step, the source reversed",
    settings: {
      ...usual,
      ...{ lrDecay: "linear", minFrequency: 2 },
      model: {
        ...{ attention: "none", contextInput: true, cell: "lstm", numLayers: 2, bidirectional: true },
        ...{ reverseSource: true, hiddenSize: 16, embeddingSize: 20, tied: "none" },
      },
    },
  },
  {
    name: "GRU with additive attention over subwords, one table for all, and a lexical model",
    settings: {
      ...usual,
      ...{
        subwords: 150,
        jointSubwords: true,
        labelSmoothing: 0.1,
        warmupSteps: 100,
        batchSize: Infinity,
        batchTokens: 200,
      },
      model: {
        attention: "additive",
        bidirectional: true,
        tied: "all",
        lexical: true,
        hiddenSize: 24,
        embeddingSize: 16,
      },
    },
  },
  {
    name: "RNN with dot attention over characters",
    settings: {
      ...usual,
      ...{ tokenizer: "character", lr: 0.003, weightDecay: 0.001 },
      model: { attention: "dot", cell: "rnn", hiddenSize: 24 },
    },
  },
  {
    name: "two LSTM layers with general attention and input feeding, residual and normalised",
    settings: {
      ...usual,
      lossReduction: "sentence",
      model: {
        ...{ attention: "general", inputFeeding: true, cell: "lstm", numLayers: 2, residual: true, layerNorm: true },
        ...{ bidirectional: true, hiddenSize: 16, embeddingSize: 12, initialState: "mean" },
      },
    },
  },
  {
    name: "input feeding with tied tables of another width, by SGD",
    settings: {
      ...usual,
      ...{ optimizer: "sgd", lr: 0.5, lrDecay: "step", lrDecayStart: 0.5, lrDecayEvery: 0.25, lrDecayFactor: 0.9 },
      model: { attention: "additive", inputFeeding: true, tied: "decoder", hiddenSize: 20, embeddingSize: 12 },
    },
  },
  {
    name: "conditional GRU with layers above, residual and normalised, a lexical model of its own",
    settings: {
      ...usual,
      ...{ tokenizer: "space", subwords: 100 },
      model: {
        ...{ attention: "additive", conditional: true, numLayers: 3, residual: true, layerNorm: true, lexical: true },
        ...{ bidirectional: true, initialState: "mean", hiddenSize: 16, embeddingSize: 12 },
      },
    },
  },
  {
    name: "conditional LSTM with general attention",
    settings: {
      ...usual,
      model: { attention: "general", conditional: true, cell: "lstm", bidirectional: true, hiddenSize: 16 },
    },
  },
];

/** Lines that no corpus has: some by hand, then others of signs that tokenisers mind, drawn. */
export function oddLines(count) {
  const generator = new Generator(1);
  const draw = (items) => items[generator.integer(items.length)];
  const line = () => Array.from({ length: generator.integer(20) + 1 }, () => draw(signs)).join("");
  return [...byHand, ...Array.from({ length: count - byHand.length }, line)];
}

const byHand = [
  "",
  "   ",
  "Zorgles  don't eat\u00a0apples…",
  "l'arbre « est-il » GRAND ? 3,000.50 !!",
  "jusqu'à 10:30, o'clock, aujourd'hui -- (no) a￭b ￮ @@ x@@",
  "日本語 🙂 e\u0301te\u0301 \u200bInvisible\u00ad",
];
const signs = [
  ...[
    "a",
    "E",
    "l",
    "n't",
    "qu",
    "The ",
    "dog ",
    "é",
    "e\u0301",
    "ǆ",
    "Σ",
    "İ",
    "ß",
    "日",
    "٣",
    "7",
    "10",
    "½",
    "🙂",
    "👨\u200d👩",
  ],
  ...[
    "'",
    "’",
    "'s",
    "l'",
    "jusqu'",
    ".",
    "..",
    ",",
    ":",
    "-",
    "--",
    "«",
    "“",
    '"',
    "(",
    "!",
    "&",
    "@@",
    "￭",
    "￮",
    "</w>",
  ],
  ...[" ", " ", "  ", "\u00a0", "\u202f", "\u3000", "\u0085", "\u200b", "\u00ad", "\u0308", "\ufeff"],
];
