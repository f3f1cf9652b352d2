// What the examples print while they train, on stderr: how far it is, and the scores of each validation.

const SHOWN = {
  loss: (loss) => `loss ${loss.toFixed(4)}`,
  bleu: (bleu) => `BLEU ${bleu.toFixed(1)}`,
  wer: (wer) => `word error rate ${wer.toFixed(1)} %`,
  exact: (exact) => `exact ${exact.toFixed(1)} %`,
  accuracy: (accuracy) => `accuracy ${accuracy.toFixed(2)} %`,
};

/** What there is to train on. */
function dataOf({ train, trainUtterances, trainExamples, trainTokens }) {
  if (train) return `${train.pairs.length} pairs`;
  if (trainUtterances !== undefined) return `${trainUtterances} recordings`;
  return trainExamples === undefined ? `${trainTokens} tokens` : `${trainExamples} examples`;
}

/** Callbacks for `trainTranslator` and its like. */
export function report() {
  const started = performance.now();
  const clear = process.stderr.isTTY ? "\r\x1b[K" : "";
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  return {
    onStart(start) {
      const { parameters, criterion } = start;
      console.error(`${dataOf(start)}, ${parameters} parameters; the best model is chosen by ${criterion}`);
    },
    onStep({ epoch, stepInEpoch, stepsPerEpoch, loss }) {
      if (!process.stderr.isTTY) return;
      const place = `epoch ${epoch}, step ${stepInEpoch} of ${stepsPerEpoch}`;
      process.stderr.write(`${clear}${seconds()}  ${place}: loss ${loss.toFixed(3)}`);
    },
    onValidation({ epoch, step, averaged, scores }) {
      const what = averaged === undefined ? `epoch ${epoch}, step ${step}` : `average of ${averaged} checkpoints`;
      const names = Object.keys(SHOWN).filter((name) => Object.hasOwn(scores, name));
      const shown = names.map((name) => SHOWN[name](scores[name])).join(", ");
      console.error(`${clear}${seconds()}  ${what}: validation ${shown}`);
    },
  };
}
