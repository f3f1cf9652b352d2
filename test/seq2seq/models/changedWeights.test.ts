import { describe, expect, it } from "vitest";
import { noGrad } from "../../../src/autograd/index.js";
import type { Beginning } from "../../../src/seq2seq/models/stepper.js";
import { Ensemble } from "../../../src/seq2seq/search/ensemble.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { roads } from "../../support/changes.js";
import { sharpModel } from "../../support/models.js";

const kinds = [
  { attention: "none" },
  { attention: "none", contextInput: true },
  { attention: "dot" },
  { attention: "general", cell: "lstm", numLayers: 2, bidirectional: true },
  { attention: "additive" },
  { attention: "additive", inputFeeding: true },
  { attention: "general", conditional: true },
] as const;

const logits = ({ stepper, ids, state }: Beginning): number[] =>
  noGrad(() => Array.from(stepper.step(ids, state).logits));

describe.each(kinds)("a search by a model of %o", (config) => {
  it("goes by the weights that it began with, or says that they have changed", () => {
    const model = sharpModel(config, 4, 1.5);
    for (const [name, parameter] of model.decoder.namedParameters()) {
      for (const { name: road, change } of roads(parameter)) {
        const beginning = noGrad(() => model.begin([[5, 4, 9]]));
        const before = logits(beginning);
        change();
        noGrad(() => logits(model.begin([[5, 4, 9]]))); // packs anew
        try {
          expect(logits(beginning), `${name}, ${road}`).toEqual(before);
        } catch (error) {
          if (!/expected the weights that the search began with/.test((error as Error).message)) throw error;
        }
      }
    }
  });

  it("goes by the weights that there are when the next one begins", () => {
    const model = sharpModel(config, 4, 1.5);
    greedySearch(model, [[5, 4, 9]]);
    for (const [name, parameter] of model.namedParameters()) {
      for (const { name: road, change } of roads(parameter)) {
        change();
        const fresh = sharpModel(config, 4, 1.5);
        fresh.loadStateDict(model.stateDict());
        const [own, expected] = [model, fresh].map((each) => noGrad(() => logits(each.begin([[5, 4, 9]]))));
        expect(own, `${name}, ${road}`).toEqual(expected);
      }
    }
  });
});

it("an ensemble gives each member's weights back when its search ends", () => {
  const ensemble = new Ensemble([sharpModel({ attention: "none" }, 4), sharpModel({ attention: "additive" }, 5)]);
  const before = greedySearch(ensemble, [[5, 4, 9]]);
  for (const parameter of ensemble.parameters()) parameter.data[0] += 0;
  expect(greedySearch(ensemble, [[5, 4, 9]])).toEqual(before);
});
