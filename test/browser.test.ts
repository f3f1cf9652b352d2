import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { loadPretrained } from "../src/pretrained/index.js";
import { buildOnce, root } from "./support/build.js";
import { chromium, Visitor } from "./support/chromium.js";

beforeAll(() => buildOnce(), 120_000);

/** Trains a translator, or goes on with the one of the visit before, and tells how it went. */
const trainingScript = `
  import { seq2seq } from "/seqgrad.js";
  const tell = (what) => fetch("/", { method: "POST", body: JSON.stringify(what) });
  try {
    const store = new seq2seq.IndexedDbStore("digits");
    const before = await store.list();
    const pairs = ["1 2 3", "2 3 1", "3 1", "1 3 2", "2 1"].map((text) => ({
      source: text,
      target: text.split(" ").toReversed().join(" "),
    }));
    const epochs = [];
    const { translator, end } = await seq2seq.trainTranslator({
      train: pairs, valid: pairs, model: { hiddenSize: 24 }, lr: 0.02, batchSize: 2,
      store, resume: before.length > 0, epochs: before.length > 0 ? 40 : 2,
      onValidation: ({ epoch }) => { epochs.push(epoch); },
    });
    await tell({ before, end, epochs, after: await store.list(), translations: translator.translate(["3 1", "2 1"]) });
  } catch (error) {
    await tell({ error: String(error.stack) });
  }`;

test.skipIf(!chromium)("a page keeps its model from one visit to the next, and goes on training it", async () => {
  const visitor = await Visitor.to({
    "/": {
      type: "text/html",
      body: '<!doctype html><meta charset="utf-8"><script type="module" src="/it.js"></script>',
    },
    "/it.js": { type: "text/javascript", body: trainingScript },
    "/seqgrad.js": { type: "text/javascript", body: readFileSync(join(root, "dist", "browser", "seqgrad.js")) },
  });
  const told: Record<string, unknown>[] = [];
  for (let visit = 0; visit < 2; visit++) {
    await visitor.visit(chromium!, (message) => told.push(JSON.parse(message)) > 0);
  }
  const after = expect.arrayContaining(["checkpoint.safetensors", "config.json", "model.safetensors"]);
  expect(told[0]).toMatchObject({ before: [], end: "finished", epochs: [1, 2], after });
  expect(told[1]).toMatchObject({ before: after, end: "finished", after, translations: ["1 3", "1 2"] });
  expect(told[1].epochs).toEqual(Array.from({ length: 38 }, (_, i) => i + 3));
});

test.skipIf(!chromium)("a page translates with the package's own model, without a bundler", async () => {
  const text = "the black cat is sleeping";
  const script = `
    import { loadPretrained } from "/dist/pretrained/index.js";
    const translations = loadPretrained().translate([${JSON.stringify(text)}]);
    await fetch("/", { method: "POST", body: JSON.stringify(translations) });`;
  const shared = readdirSync(join(root, "dist", "shared")).map((name) => `dist/shared/${name}`);
  const scripts = [...shared, "dist/pretrained/index.js", "pretrained/files.js"]
    .filter((path) => path.endsWith(".js"))
    .map((path) => [`/${path}`, { type: "text/javascript", body: readFileSync(join(root, path)) }]);
  const visitor = await Visitor.to({
    "/": { type: "text/html", body: `<!doctype html><meta charset="utf-8"><script type="module">${script}</script>` },
    ...Object.fromEntries(scripts),
  });
  const told: string[] = [];
  await visitor.visit(chromium!, (message) => told.push(message) > 0);
  expect(JSON.parse(told[0])).toEqual(loadPretrained().translate([text]));
});
