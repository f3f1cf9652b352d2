import { expect, test } from "vitest";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import type { Decoder } from "../../../src/seq2seq/models/decoder.js";
import type { State } from "../../../src/seq2seq/models/state.js";
import { BOS } from "../../../src/seq2seq/text/vocabulary.js";
import { freeRunningInput } from "../../../src/seq2seq/training/freeRunning.js";
import { randomPairs, sharpModel } from "../../support/models.js";

test.each(["gru", "lstm"] as const)(
  "a free-running %s reads BOS, then its own likeliest word after each step",
  (cell) => {
    const model = sharpModel({ cell, numLayers: 2 });
    const pairs = randomPairs(6, 2);
    const batch = makeBatch(pairs);
    const { data, shape } = freeRunningInput(model, batch);
    expect(shape).toEqual(batch.targetInput.shape);
    const ids = new Set<number>();
    pairs.forEach(({ source }, b) => {
      let state: State = model.encode(makeBatch([{ source, target: [] }]).source).last;
      let token = BOS;
      for (let t = 0; t < shape[0]; t++) {
        expect(data[t * pairs.length + b]).toBe(token);
        const [logProbabilities, next] = (model.decoder as Decoder).forward(token, state);
        token = logProbabilities.data.indexOf(Math.max(...logProbabilities.data));
        ids.add(token);
        state = next;
      }
    });
    expect(ids.size).toBeGreaterThan(2);
  },
);
