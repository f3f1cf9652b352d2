// What the examples print while they train, on stderr: how far it is, and the scores of each validation.

const NAMES = { loss: "validation loss", bleu: "BLEU", chrf: "chrF", exact: "exact" };
const SHOWN = { loss: (x) => x.toFixed(4), exact: (x) => `${x.toFixed(1)} %` };

/** Callbacks for `trainTranslator` and `trainTextGenerator`. */
export function report() {
  const started = performance.now();
  const clear = process.stderr.isTTY ? "\r\x1b[K" : "";
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  return {
    onStart({ train, trainTokens, parameters, criterion }) {
      const data = train ? `${train.pairs.length} pairs` : `a text of ${trainTokens} tokens`;
      console.error(`${data}, ${parameters} parameters; the best model is chosen by ${criterion}`);
    },
    onStep({ epoch, stepInEpoch, stepsPerEpoch, loss }) {
      if (!process.stderr.isTTY) return;
      const place = `epoch ${epoch}, step ${stepInEpoch} of ${stepsPerEpoch}`;
      process.stderr.write(`${clear}${seconds()}  ${place}: loss ${loss.toFixed(3)}`);
    },
    onValidation({ epoch, step, averaged, scores }) {
      const what = averaged === undefined ? `epoch ${epoch}, step ${step}` : `average of ${averaged} checkpoints`;
      const told = Object.entries(scores).map(([name, score]) => {
        const show = SHOWN[name] ?? ((x) => x.toFixed(1));
        return `${NAMES[name] ?? name} ${show(score)}`;
      });
      console.error(`${clear}${seconds()}  ${what}: ${told.join(", ")}`);
    },
  };
}
