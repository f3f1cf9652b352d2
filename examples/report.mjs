// What the examples print while they train, on stderr: how far it is, and the scores of each validation.

/** Callbacks for `trainTranslator`. */
export function report() {
  const started = performance.now();
  const clear = process.stderr.isTTY ? "\r\x1b[K" : "";
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  return {
    onStart({ train, parameters, criterion }) {
      console.error(`${train.pairs.length} pairs, ${parameters} parameters; the best model is chosen by ${criterion}`);
    },
    onStep({ epoch, stepInEpoch, stepsPerEpoch, loss }) {
      if (!process.stderr.isTTY) return;
      const place = `epoch ${epoch}, step ${stepInEpoch} of ${stepsPerEpoch}`;
      process.stderr.write(`${clear}${seconds()}  ${place}: loss ${loss.toFixed(3)}`);
    },
    onValidation({ epoch, averaged, loss, bleu, exact }) {
      const what = averaged === undefined ? `epoch ${epoch}` : `average of ${averaged} checkpoints`;
      const scores = `validation loss ${loss.toFixed(4)}, BLEU ${bleu.toFixed(1)}, exact ${exact.toFixed(1)} %`;
      console.error(`${clear}${seconds()}  ${what}: ${scores}`);
    },
  };
}
