import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, root } from "./support/build.js";
import { chromium, openPage } from "./support/chromium.js";

beforeAll(() => buildOnce(), 120_000);

/** Trains a tiny model in the page, and writes down its losses and what it has learnt. */
const script = `
  import { Generator, optim, seq2seq } from "/seqgrad.js";
  const show = (result) => { document.querySelector("output").textContent = JSON.stringify(result); };
  try {
    const generator = new Generator(1);
    const pairs = [[4, 5], [5, 6], [6, 4], [6, 5, 4]].map((ids) => ({ source: ids, target: ids.toReversed() }));
    const model = new seq2seq.Seq2Seq({ inputSize: 7, outputSize: 7, hiddenSize: 12 }, { generator });
    const trainer = new seq2seq.Trainer(model, new optim.Adam(model.parameters(), { lr: 0.02 }), pairs, { generator });
    const losses = [];
    await trainer.run({ epochs: 80, onEpoch: (_, loss) => { losses.push(loss); } });
    show({ losses, translations: seq2seq.greedySearch(model, pairs.map(({ source }) => source)) });
  } catch (error) {
    show({ error: String(error.stack) });
  }`;

test.skipIf(!chromium)("the bundle trains a tiny model in a page", async () => {
  const bundle = readFileSync(join(root, "dist", "browser", "seqgrad.js"));
  const page = `<!doctype html><meta charset="utf-8"><output></output><script type="module">${script}</script>`;
  const site = {
    "/": { type: "text/html", body: page },
    "/seqgrad.js": { type: "text/javascript", body: bundle },
  };
  const document = await openPage(chromium!, site, 60_000);
  const shown = /<output>(.*)<\/output>/s.exec(document)?.[1] ?? document;
  const result = JSON.parse(shown) as { losses?: number[]; translations?: number[][]; error?: string };
  expect(result.error).toBeUndefined();
  expect(result.losses).toHaveLength(80);
  expect(result.losses![0]).toBeGreaterThan(1);
  expect(result.losses!.at(-1)).toBeLessThan(0.3);
  expect(result.translations).toEqual([[5, 4], [6, 5], [4, 6], [4, 5, 6]]); // biome-ignore format: one line says it
});
