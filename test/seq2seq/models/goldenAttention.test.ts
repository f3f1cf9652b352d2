import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { indexSelect, reshape } from "../../../src/autograd/index.js";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import type { Seq2SeqConfig } from "../../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { forcedDecoding } from "../../../src/seq2seq/search/forced.js";
import { difference } from "../../support/compare.js";
import { Differences, restoredState, type Stored, type StoredState } from "../../support/golden.js";

/** What PyTorch gave for the same models; `test/golden/attentionModel.py` made it, and says what each key holds. */
interface Golden {
  readonly sizes: Pick<Seq2SeqConfig, "inputSize" | "outputSize" | "hiddenSize">;
  readonly sources: readonly number[][];
  readonly targets: readonly number[][];
  readonly cases: readonly {
    readonly options: Partial<Seq2SeqConfig>;
    readonly state: StoredState;
    readonly loss: number;
    readonly gradients: StoredState;
    readonly logProbabilities: Stored;
    readonly attention: readonly Stored[] | null;
  }[];
}

const file = new URL("../../golden/attentionModel.json", import.meta.url);
const { sizes, sources, targets, cases } = JSON.parse(readFileSync(file, "utf8")) as Golden;

test.each(cases.map((each) => [JSON.stringify(each.options), each] as const))(
  "%s agrees with PyTorch in outputs and gradients, sentences being of unequal lengths",
  (_, golden) => {
    const model = new Seq2Seq({ ...sizes, ...golden.options });
    model.loadStateDict(restoredState(golden.state));
    const batch = makeBatch(sources.map((source, i) => ({ source, target: targets[i] })));
    const differences = new Differences();

    const lengths = { source: batch.sourceLengths, target: batch.targetLengths };
    const said = reshape(model.forward(batch.source, batch.targetInput, lengths), [-1, sizes.outputSize]);
    const real = indexSelect(said, 0, batch.targetRows);
    expect(differences.output(real, golden.logProbabilities)).toBeLessThan(Differences.outputBound);

    const loss = model.loss(batch);
    expect(Math.abs(loss.item() - golden.loss)).toBeLessThan(Differences.outputBound);
    loss.backward();
    const parameters = [...model.namedParameters()];
    expect(parameters.map(([name]) => name).sort()).toEqual(Object.keys(golden.gradients).sort());
    for (const [name, parameter] of parameters) {
      // Those of attention are small beside the others: each is held against its own largest number.
      const largest = Math.max(...golden.gradients[name].data.map(Math.abs));
      expect(differences.gradient(parameter, golden.gradients[name]) / largest, name).toBeLessThan(
        Differences.gradientBound,
      );
    }

    sources.forEach((source, i) => {
      const { attention } = forcedDecoding(model, source, targets[i]);
      if (!golden.attention) expect(attention).toBeNull();
      else {
        const { shape, data } = golden.attention[i];
        expect(attention?.map((row) => row.length)).toEqual(Array(shape[0]).fill(shape[1]));
        expect(difference(attention?.flat() ?? [], data)).toBeLessThan(Differences.outputBound);
      }
    });
  },
);
