/**
 * `npm start`: trains a small English→French translator on the built-in corpus, and shows what it has learnt. What it
 * prints is the result, so that it goes to standard output; only the progress line goes to standard error.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { corpusSplits, type SentencePair } from "../corpus/index.js";
import { checkReplaceable } from "../seq2seq/files/modelFolder.js";
import { drawAlignment, drawCurves, Translator, trainTranslator, Vocabulary } from "../seq2seq/index.js";
import { evaluatePairs } from "./evaluators/translation.js";
import { readHistory } from "./modelFiles.js";
import { duration, ProgressLine } from "./progress.js";
import { stoppable } from "./stopping.js";
import { useThreads } from "./threads.js";
import { describeScores } from "./trainReport.js";

const LEVEL = 3;
const TRAIN_SIZE = 22_000;
const SETTINGS = {
  folder: "model",
  model: { hiddenSize: 192 },
  batchSize: 32,
  lr: 0.004,
  lrDecay: "linear",
  epochs: 3,
  seed: 1,
} as const;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

export async function start(): Promise<void> {
  useThreads();
  const began = performance.now();
  const corpus = corpusSplits({ level: LEVEL, trainSize: TRAIN_SIZE, testSize: 300, seed: 1 });
  print(`Training an English→French translator on ${corpus.train.length} built-in sentence pairs of level ${LEVEL}.`);
  const overwrite = isEarlierStart(corpus.train);
  checkReplaceable("start", SETTINGS.folder, overwrite, "only a model of npm start is replaced: move it away first");
  const progress = new ProgressLine(SETTINGS.epochs);
  const run = (signal: AbortSignal) =>
    trainTranslator({
      ...SETTINGS,
      signal,
      overwrite,
      train: corpus.train,
      valid: corpus.unseenSentences,
      onStart: ({ inputSize, outputSize, parameters }) =>
        print(`${inputSize} English and ${outputSize} French tokens, ${parameters.toLocaleString("en")} parameters.\n`),
      onStep: (event) => progress.step(event),
      onValidation: (report) => {
        const training = report.trainLoss === null ? "cut short" : `training loss ${report.trainLoss.toFixed(3)}`;
        progress.note(`epoch ${report.epoch}: ${training}, on unseen sentences ${describeScores(report.scores)}`);
      },
    });
  const { translator, end } = await stoppable(run, () => progress.note("stopping (Ctrl-C again to leave at once)"));
  if (end === "aborted") {
    progress.clear();
    print(`\nStopped. The best model so far is in ${SETTINGS.folder}/; npm start begins anew.`);
    return;
  }
  print(`\nTrained in ${duration((performance.now() - began) / 1000)}.\n`);
  await report(translator, "unseen sentences", corpus.unseenSentences);
  await report(translator, "unseen word combinations", corpus.unseenCombinations);
  const shown = [...corpus.unseenSentences.slice(0, 5), ...corpus.unseenCombinations.slice(0, 5)];
  show(translator, shown);
  await draw(
    translator,
    shown.map(({ source }) => source).reduce((a, b) => (b.length > a.length ? b : a)),
  );
  print(`\nThe model is in ${SETTINGS.folder}/. Try a sentence of your own, with words as above:\n`);
  print(`  echo "${corpus.unseenSentences[5].source}" | npx seqgrad translate --model ${SETTINGS.folder}\n`);
}

/** Whether the folder holds the model of an earlier start, which may be replaced: one with this corpus' vocabulary. */
function isEarlierStart(pairs: readonly SentencePair[]): boolean {
  try {
    const { tokenizer, vocabulary } = Translator.load(SETTINGS.folder).source;
    const own = Vocabulary.build(pairs.map(({ source }) => tokenizer.tokenize(source)));
    return JSON.stringify(vocabulary) === JSON.stringify(own);
  } catch {
    return false;
  }
}

async function report(translator: Translator, name: string, pairs: readonly SentencePair[]): Promise<void> {
  const { sentences, loss, bleu, exact } = await evaluatePairs(translator, pairs);
  const scores = `loss ${loss.toFixed(3)}   BLEU ${bleu.score.toFixed(1).padStart(5)}   exact ${exact} of ${sentences}`;
  print(`${name.padEnd(26)}${scores}`);
}

function show(translator: Translator, pairs: readonly SentencePair[]): void {
  const translations = translator.translate(pairs.map(({ source }) => source));
  pairs.forEach(({ source, target }, i) => {
    print(`\n  ${source}`);
    print(translations[i] === target ? `  ✓ ${target}` : `  ✗ ${translations[i]}\n    ${target} (reference)`);
  });
}

/** Draws how the training went, and where the model looks while it translates a sentence. */
async function draw(translator: Translator, sentence: string): Promise<void> {
  const [curves, attention] = ["curves.svg", "attention.svg"].map((name) => join(SETTINGS.folder, name));
  const history = await readHistory(SETTINGS.folder);
  if (history) writeFileSync(curves, drawCurves(history));
  const alignment = translator.align(sentence);
  if (alignment) writeFileSync(attention, drawAlignment(alignment));
  print(
    `\n${curves} shows how the training went, ${attention} where the model looks while it translates\n"${sentence}".`,
  );
}
