/** Arguments that JavaScript lets through: each is refused with what was expected and what came. */
import { describe, expect, test } from "vitest";
import { corpusSplits, generateCorpus } from "../../src/corpus/index.js";
import * as s2s from "../../src/seq2seq/index.js";
import { Generator } from "../../src/tensor/index.js";
import { languagesOf } from "../support/languages.js";
import { sharpModel } from "../support/models.js";
import { wrong } from "../support/wrong.js";

const pairs = [{ source: "a b", target: "c d" }];
const languages = languagesOf(pairs);
const sizes = { inputSize: languages.source.vocabulary.size, outputSize: languages.target.vocabulary.size };
const model = new s2s.Seq2Seq({ ...sizes, hiddenSize: 4 });
const translator = new s2s.Translator({ model, ...languages, reverseSource: false });

describe("unknown options", () => {
  const faults: [() => unknown, string, string, string | null][] = [
    [() => new s2s.Encoder(9, 4, wrong({ num_layers: 2 })), "Encoder", "num_layers", "numLayers"],
    [() => new s2s.Decoder(4, 9, wrong({ drop_out: 0.1 })), "Decoder", "drop_out", "dropout"],
    [() => new s2s.AttentionDecoder(4, 4, 9, wrong({ atention: "dot" })), "AttentionDecoder", "atention", "attention"],
    [() => new s2s.FeedingDecoder(4, 4, 9, wrong({ layers: 2 })), "FeedingDecoder", "layers", "numLayers"],
    [() => new s2s.ConditionalDecoder(4, 4, 9, wrong({ Cell: "gru" })), "ConditionalDecoder", "Cell", "cell"],
    [() => new s2s.Seq2Seq(wrong({ ...sizes, hidden_size: 4 })), "Seq2Seq", "hidden_size", "hiddenSize"],
    [() => new s2s.Seq2Seq({ ...sizes, hiddenSize: 4 }, wrong({ seed: 1 })), "Seq2Seq", "seed", null],
    [
      () => model.loss(wrong(null), wrong({ label_smoothing: 0.1 })),
      "Seq2Seq.loss",
      "label_smoothing",
      "labelSmoothing",
    ],
    [() => model.forward([[4]], [[2]], wrong({ sources: [1] })), "Seq2Seq", "sources", "source"],
    [() => s2s.greedySearch(model, [[4]], wrong({ max_length: 3 })), "greedySearch", "max_length", "maxLength"],
    [() => s2s.beamSearch(model, [[4]], wrong({ nbest: 2 })), "beamSearch", "nbest", "nBest"],
    [() => s2s.sampleSearch(model, [[4]], wrong({ top_k: 2 })), "sampleSearch", "top_k", "topK"],
    [() => translator.translate(["a"], wrong({ beams: 2 })), "translate", "beams", "beam"],
    [() => translator.translate(["a"], wrong({ nBest: 2 })), "translate", "nBest", null],
    [() => translator.translateNBest(["a"], wrong({ n_best: 2 })), "translateNBest", "n_best", "nBest"],
    [() => translator.save("/", wrong({ force: true })), "save", "force", null],
    [() => s2s.Translator.load("/", wrong({ generators: 1 })), "load", "generators", "generator"],
    [() => new s2s.Translator(wrong({ ...translator, reverse: true })), "Translator", "reverse", null],
    [() => s2s.bleu(["a"], ["a"], wrong({ lower_case: true })), "bleu", "lower_case", "lowercase"],
    [() => s2s.sentenceBleu("a", "a", wrong({ tokenise: "13a" })), "sentenceBleu", "tokenise", "tokenize"],
    [() => s2s.chrf(["a"], ["a"], wrong({ beta: 2 })), "chrf", "beta", null],
    [() => s2s.Vocabulary.build([], wrong({ min_frequency: 2 })), "Vocabulary.build", "min_frequency", "minFrequency"],
    [() => new s2s.WordTokenizer(wrong({ lowerCase: true })), "WordTokenizer", "lowerCase", "lowercase"],
    [() => new s2s.CharacterTokenizer(wrong({ lower: true })), "CharacterTokenizer", "lower", null],
    [() => s2s.normalizeText("A", wrong({ lower_case: true })), "normalizeText", "lower_case", "lowercase"],
    [
      () => s2s.bucketedBatches([], wrong({ batchSize: 2, batch_tokens: 2 }), new Generator()),
      ...(["bucketedBatches", "batch_tokens", "batchTokens"] as const),
    ],
    [() => s2s.groupsByLength([], wrong({ sentence: 2 })), "groupsByLength", "sentence", "sentences"],
    [() => s2s.logMel(new Float32Array(9), wrong({ pre_emphasis: 0.9 })), "logMel", "pre_emphasis", "preEmphasis"],
    [() => new s2s.MemoryStore({}, wrong({ names: "x" })), "MemoryStore", "names", "name"],
    [() => generateCorpus(wrong({ level: 1, sizes: 5 })), "generateCorpus", "sizes", "size"],
    [() => corpusSplits(wrong({ level: 1, train_size: 5 })), "corpusSplits", "train_size", "trainSize"],
  ];
  test.each(faults.map(([call, op, given, meant]) => ({ call, op, given, meant })))(
    "of $op: $given",
    ({ call, op, given, meant }) => {
      const guess = meant === null ? "" : ` \\(did you mean ${meant}\\?\\)`;
      expect(call).toThrow(new RegExp(`^${op.replace(".", "\\.")}: expected options among .*; got ${given}${guess}$`));
    },
  );

  test("of a training", async () => {
    const train = (options: object) => s2s.trainTranslator({ train: pairs, ...options });
    await expect(train({ epoch: 3 })).rejects.toThrow("; got epoch (did you mean epochs?)");
    await expect(train({ label_smoothing: 3 })).rejects.toThrow("; got label_smoothing (did you mean labelSmoothing?)");
    await expect(train({ model: { hidden: 3 } })).rejects.toThrow(
      /^train: model: expected options among .*; got hidden$/,
    );
    await expect(train({ hiddenSize: 3 })).rejects.toThrow("train: expected hiddenSize in `model: { hiddenSize }`");
    await expect(train({ onStep: 3 })).rejects.toThrow("train: expected onStep to be a function, got 3");
    await expect(s2s.trainTranslator(wrong("a.tsv"))).rejects.toThrow("train: expected an object of options");
    const drive = (options: object) => s2s.run(wrong({}), wrong({ optimizer: {}, epochs: 1, ...options })).next();
    await expect(drive({ clip_norm: 1 })).rejects.toThrow("; got clip_norm (did you mean clipNorm?)");
    await expect(drive({ epochs: undefined })).rejects.toThrow(
      "train: expected epochs to be an integer ≥ 1, got undef",
    );
    await expect(drive({ lrDecay: "cosine" })).rejects.toThrow('train: expected lrDecay to be "none" or "linear"');
  });

  test("of a corpus", async () => {
    const options = { train: pairs, holdOut: 1, generator: new Generator(), maxLength: 9, reverseSource: false };
    const prepare = (more: object) => s2s.prepareCorpus({ ...options, text: {}, ...more });
    await expect(prepare({ hold_out: 1 })).rejects.toThrow("; got hold_out (did you mean holdOut?)");
    await expect(prepare({ text: { tokeniser: "word" } })).rejects.toThrow("got tokeniser (did you mean tokenizer?)");
    await expect(prepare({ text: { tokenizer: "bpe" } })).rejects.toThrow(
      'expected tokenizer to be "word" or "space" or "character"',
    );
  });
});

describe("a text where a list of texts is meant", () => {
  const faults: [() => unknown, string][] = [
    [() => s2s.bleu(wrong("abc"), wrong("abc")), 'bleu: expected a list of hypotheses, got "abc"'],
    [() => s2s.bleu(["abc"], wrong("a")), 'bleu: expected a list of references, got "a"'],
    [() => s2s.bleu(["abc"], wrong([["abc"], "abc"])), 'bleu: expected references that are strings, got ["abc"] at 0'],
    [() => s2s.chrf(["abc"], wrong([["abc"], [1]])), "chrf: expected references that are strings, got 1 at 0"],
    [() => s2s.chrf(wrong("abc"), wrong("abc")), 'chrf: expected a list of hypotheses, got "abc"'],
    [() => s2s.chrf(["abc"], wrong([undefined])), "chrf: expected references that are strings, got undefined at 0"],
    [
      () => s2s.sentenceBleu("abc", wrong([["abc"]])),
      'sentenceBleu: expected references that are strings, got ["abc"] at 0',
    ],
    [() => s2s.sentenceBleu("abc", wrong(3)), "sentenceBleu: expected a text, got 3"],
    [() => s2s.sentenceBleu(wrong(["abc"]), "abc"), 'sentenceBleu: expected a text, got ["abc"]'],
    [() => s2s.Vocabulary.build(wrong("a b")), 'Vocabulary.build: expected tokenised sentences, got "a b"'],
    [() => s2s.Vocabulary.build(wrong(["a b"])), 'Vocabulary.build: expected a list of tokens, got "a b"'],
    [() => languages.source.vocabulary.encode(wrong("a b")), 'Vocabulary.encode: expected a list of tokens, got "a b"'],
    [
      () => languages.source.vocabulary.decode(wrong("45")),
      'Vocabulary.decode: expected ids from 0 to 5 (size 6), got "4"',
    ],
    [() => languages.source.tokenizer.detokenize(wrong("ab")), 'detokenize: expected a list of tokens, got "ab"'],
    [() => languages.source.tokenizer.tokenize(wrong(["ab"])), 'tokenize: expected a text, got ["ab"]'],
    [() => s2s.normalizeText(wrong(3)), "normalizeText: expected a text, got 3"],
    [() => translator.translate(wrong("a b")), 'translate: expected a list of texts, got "a b"'],
    [() => translator.translate(wrong(["a", 3])), "translate: expected texts that are strings, got 3 at 1"],
    [() => translator.translateNBest(wrong("a b")), 'translateNBest: expected a list of texts, got "a b"'],
    [() => translator.encodeSource(wrong(["a b"])), 'tokenize: expected a text, got ["a b"]'],
    [() => s2s.greedySearch(model, wrong("abc")), 'greedySearch: expected a list of sources, got "abc"'],
    [
      () => s2s.greedySearch(model, wrong([4, 5])),
      "greedySearch: expected sources that are lists of tokens, or frames, got 4 at 0",
    ],
    [
      () => s2s.beamSearch(model, wrong([4, 5])),
      "beamSearch: expected sources that are lists of tokens, or frames, got 4 at 0",
    ],
    [
      () => s2s.sampleSearch(model, wrong([4])),
      "sampleSearch: expected sources that are lists of tokens, or frames, got 4 at 0",
    ],
    [() => s2s.makeBatch(wrong({ source: [4], target: [4] })), "makeBatch: expected a list of pairs, got {"],
  ];
  test.each(faults.map(([call, message]) => ({ call, message })))("$message", ({ call, message }) => {
    expect(call).toThrow(message.replace("[…]…", '["abc"]'));
  });

  test("of training pairs", async () => {
    const train = (texts: unknown) => s2s.trainTranslator({ train: wrong(texts) });
    await expect(train("pairs.tsv")).rejects.toThrow(
      "pairs: expected pairs { source, target } in a list or one by one",
    );
    await expect(train([["a", "b"]])).rejects.toThrow('on either side, got ["a", "b"] at 0');
    await expect(train(undefined)).rejects.toThrow("or one by one, got undefined");
  });
});

describe("what is no list of pairs, ids, tensors or files", () => {
  const one = { source: [4], target: [5] };
  const faults: [() => unknown, string][] = [
    [() => s2s.makeBatch(wrong([[[4], [5]]])), "makeBatch: expected pairs { source, target } of token ids, got ["],
    [
      () => s2s.makeBatch(wrong([{ source: "abc", target: "d" }])),
      "makeBatch: expected pairs { source, target } of token ids",
    ],
    [() => s2s.makeBatch(wrong([{ source: ["4"], target: [5] }])), 'batch: expected token ids, got "4"'],
    [() => s2s.greedySearch(model, [[Number.NaN]]), "batch: expected token ids, got NaN"],
    [() => s2s.greedySearch(model, [[4.5]]), "batch: expected token ids, got 4.5"],
    [() => s2s.pick([one], [1]), "pick: expected indices from 0 to 0, got 1"],
    [() => s2s.pick([one], [-1]), "pick: expected indices from 0 to 0, got -1"],
    [() => s2s.forcedDecoding(model, [4], [99]), "forcedDecoding: expected ids from 0 to 5, got 99"],
    [() => s2s.forcedDecoding(model, [4], wrong("4")), 'forcedDecoding: expected ids from 0 to 5, got "4"'],
    [() => s2s.evaluateLoss(model, wrong("abc")), 'evaluateLoss: expected pairs of token ids, got "abc"'],
    [() => s2s.groupsByLength(wrong("abc"), { sentences: 1 }), 'groupsByLength: expected lengths, got "abc"'],
    [() => new s2s.Ensemble(wrong(model)), "Ensemble: expected a list of models, got Seq2Seq"],
    [() => new s2s.MemoryStore(wrong("abc")), 'MemoryStore: expected files by name, got "abc"'],
    [() => new s2s.FolderStore(wrong(undefined)), "FolderStore: expected a text, got undefined"],
    [() => s2s.readTsv(wrong("a.tsv"), "a"), 'readLines: expected a file\'s bytes, got "a.tsv"'],
    [() => s2s.decodeSafetensors(wrong("a")), 'safetensors: expected a file\'s bytes, got "a"'],
    [
      () => s2s.encodeSafetensors(wrong(model.stateDict())),
      "safetensors: expected options among tensors, metadata, dtypes; got ",
    ],
    [
      () => s2s.encodeSafetensors(wrong({ tensors: { a: [1] }, metadata: {} })),
      "safetensors: a: expected a tensor, got [1]",
    ],
    [
      () => s2s.encodeSafetensors(wrong({ tensors: {}, metadata: { n: 1 } })),
      "safetensors: expected metadata of strings, got 1 as n",
    ],
    [() => s2s.resolveSettings(wrong({ epoch: 3 })), "; got epoch (did you mean epochs?)"],
  ];
  test.each(faults.map(([call, message]) => ({ call, message })))("$message", ({ call, message }) => {
    expect(call).toThrow(message);
  });

  test("no store, no model to begin with", async () => {
    const train = (options: object) => s2s.trainTranslator({ train: pairs, ...options });
    await expect(train({ store: "m" })).rejects.toThrow(
      'train: expected a store, such as new FolderStore(path), got "m"',
    );
    await expect(train({ from: "m" })).rejects.toThrow('train: expected a Translator to begin with, got "m"');
  });
});

test("a model's options are of the kind that it takes", () => {
  expect(() => sharpModel(wrong({ cell: "GRU" }))).toThrow('Seq2Seq: expected cell to be "rnn" or "gru" or "lstm"');
  expect(() => sharpModel(wrong({ bidirectional: "no" }))).toThrow(
    "Seq2Seq: expected bidirectional to be true or false",
  );
  expect(() => new s2s.Seq2Seq(wrong(100), wrong(200))).toThrow("Seq2Seq: expected an object of options, got 100");
});
