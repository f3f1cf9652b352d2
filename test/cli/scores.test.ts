import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bleu,
  chrf,
  drawCurves,
  evaluateLoss,
  pairedBootstrap,
  parseHistory,
  Translator,
} from "../../src/seq2seq/index.js";
import { buildOnce } from "../support/build.js";
import { seqgrad, writeTsv } from "../support/command.js";
import { reversedDigits } from "../support/digits.js";
import { newFolder } from "../support/folder.js";

const folder = newFolder();
const file = (name: string): string => join(folder, name);
const pairs = reversedDigits(4, 3, 1);
const tested = pairs.slice(0, 12);

beforeAll(() => {
  buildOnce();
  writeTsv(file("pairs.tsv"), pairs);
  writeFileSync(file("src"), tested.map(({ source }) => `${source}\n`).join(""));
  writeFileSync(file("ref"), tested.map(({ target }) => `${target}\n`).join(""));
  writeFileSync(file("long"), "One two three four five.\n");
  writeFileSync(file("short"), `${tested[0].target}\n`);
  const train = ["train", "--train-tsv", file("pairs.tsv"), "--out", file("model"), "--hidden", "16", "--epochs", "3"];
  const { code, err } = seqgrad([...train, "--lr", "0.01"]);
  if (code !== 0) throw new Error(err);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("seqgrad evaluate", () => {
  test("gives the figures that the library gives", () => {
    const translator = Translator.load(file("model"));
    const translations = translator.translate(tested.map(({ source }) => source));
    const references = tested.map(({ target }) => target);
    const evaluate = ["evaluate", "--model", file("model"), "--src", file("src"), "--ref", file("ref")];
    const { code, out, err } = seqgrad([...evaluate, "--json"]);
    expect([code, err]).toEqual([0, expect.stringMatching(/^these references are too short or too few for BLEU/)]);
    const encoded = tested.map(({ source, target }) => ({
      source: translator.encodeSource(source),
      target: translator.encodeTarget(target),
    }));
    expect(JSON.parse(out)).toEqual({
      ...{ sentences: 12, empty: 0, tooLong: 0, criterion: "loss" },
      loss: expect.closeTo(evaluateLoss(translator.model, encoded), 5),
      exact: translations.filter((text, i) => text === references[i]).length,
      bleu: bleu(translations, references),
      chrf: chrf(translations, references),
    });
  });

  test.each([
    ["is not there", null, /^seqgrad: load: expected a model folder, got /],
    ["is broken", "{", /^seqgrad: load: .*unreadable\/config\.json: /],
  ])("blames a model that %s before the options", (_, content, message) => {
    if (content !== null) {
      mkdirSync(file("unreadable"), { recursive: true });
      writeFileSync(join(file("unreadable"), "config.json"), content);
    }
    const { code, out, err } = seqgrad(["evaluate", "--model", file("unreadable"), "--tsv", file("pairs.tsv")]);
    expect([code, out, err]).toEqual([1, "", expect.stringMatching(message)]);
  });

  test("counts the pairs that training validates by, in the form that the model can write", () => {
    const spelt = (text: string): string =>
      text.replace(/\d/g, (digit) => ["Été", "un", "deux", "trois"][Number(digit)]);
    writeTsv(
      file("words.tsv"),
      pairs.map(({ source, target }) => ({ source, target: spelt(target) })),
    );
    // Decomposed, in capitals and with a no-break space: the model can write none of that.
    const references = tested.map(({ target }) => spelt(target).normalize("NFD").toUpperCase().replace(" ", "\u00a0"));
    writeFileSync(file("valid.src"), `${[...tested.map(({ source }) => source), "", "1 ".repeat(70)].join("\n")}\n`);
    writeFileSync(file("valid.ref"), `${[...references, "un", "un"].join("\n")}\n`);
    const judged = ["--valid-src", file("valid.src"), "--valid-tgt", file("valid.ref")];
    const train = ["train", "--train-tsv", file("words.tsv"), "--out", file("judged"), "--hidden", "16", "--lowercase"];
    const how = ["--lr", "0.02", "--epochs", "6", "--batch-size", "8", "--json"];
    const events = seqgrad([...train, ...judged, ...how])
      .out.trimEnd()
      .split("\n");
    const { best } = JSON.parse(events.at(-1)!);
    const evaluate = ["evaluate", "--model", file("judged"), "--src", file("valid.src"), "--ref", file("valid.ref")];
    const scores = JSON.parse(seqgrad([...evaluate, "--json"]).out);
    expect(scores).toMatchObject({ sentences: 12, empty: 1, tooLong: 1 });
    expect(scores.exact).toBeGreaterThan(2);
    expect(scores.loss).toBeCloseTo(best.loss, 6);
    expect([scores.bleu.score, scores.chrf.score, (100 * scores.exact) / 12]).toEqual([
      best.bleu,
      best.chrf,
      best.exact,
    ]);
    expect(seqgrad(evaluate).out).toMatch(/^sentences {2}12 \(1 over-long left out, 1 empty left out\)\n/);
    const alone = [...evaluate.slice(0, 3), "--src", file("blank"), "--ref", file("blank")];
    writeFileSync(file("blank"), `${"1 ".repeat(70)}\n`);
    expect(seqgrad(alone)).toMatchObject({
      code: 1,
      err: "seqgrad: evaluate: expected at least one pair, got none (0 empty and 1 over-long left out)\n",
    });
  });

  test("holds translations against several references, and takes tokens as they stand where asked", () => {
    const translator = Translator.load(file("model"));
    const sources = [...tested.map(({ source }) => source), tested[0].source];
    const translations = translator.translate(sources);
    // A line that is left out must not shift the further references against the others.
    const lines = (texts: readonly string[]): string => ["", ...texts].map((text) => `${text}\n`).join("");
    writeFileSync(file("several.src"), lines(sources));
    const first = [...tested.map(({ target }) => target), "0 1"];
    const second = translations.map((text, i) => (i % 2 === 0 ? text : `${text} e\u0301`));
    writeFileSync(file("several.1"), lines(first));
    writeFileSync(file("several.2"), lines(second));
    const several = ["--ref", file("several.1"), "--ref", file("several.2"), "--tokenize", "none", "--json"];
    const { code, out } = seqgrad(["evaluate", "--model", file("model"), "--src", file("several.src"), ...several]);
    expect(code).toBe(0);
    const lists = [first, second.map((text) => text.normalize("NFC"))]; // in the form that the model can write
    const scores = JSON.parse(out);
    expect(scores).toMatchObject({
      ...{ sentences: 13, empty: 1 },
      exact: translations.filter((text, i) => text === lists[0][i] || text === lists[1][i]).length,
      bleu: bleu(translations, lists, { tokenize: "none" }),
      chrf: chrf(translations, lists),
    });
    expect(scores.bleu.signature).toMatch(/^nrefs:2\|.*\|tok:none\|/);
    writeFileSync(file("options.json"), JSON.stringify({ ref: [file("several.1"), file("several.2")] }));
    const configured = ["--config", file("options.json"), "--tokenize", "none", "--json"];
    expect(seqgrad(["evaluate", "--model", file("model"), "--src", file("several.src"), ...configured]).out).toBe(out);
    const uneven = ["--ref", file("several.1"), "--ref", file("short")];
    const different = seqgrad(["evaluate", "--model", file("model"), "--src", file("several.src"), ...uneven]);
    expect([different.code, different.err]).toEqual([1, expect.stringMatching(/got 14 in .*src and 1 in .*short/)]);
  });

  test("searches as translate does", () => {
    const files = ["--model", file("model"), "--src", file("src"), "--ref", file("ref"), "--json"];
    const search = ["--beam", "3", "--length-penalty", "0", "--max-length", "1"];
    const translations = Translator.load(file("model")).translate(
      tested.map(({ source }) => source),
      { beam: 3, lengthPenalty: 0, maxLength: 1 },
    );
    const references = tested.map(({ target }) => target);
    const { bleu: score } = JSON.parse(seqgrad(["evaluate", ...files, ...search]).out);
    expect(score).toEqual(bleu(translations, references));
    expect(score).not.toEqual(JSON.parse(seqgrad(["evaluate", ...files]).out).bleu);
  });

  test("says both counts of files of different length, and asks for what is missing", () => {
    const different = seqgrad(["evaluate", "--model", file("model"), "--src", file("src"), "--ref", file("short")]);
    expect(different).toMatchObject({ code: 1, out: "" });
    expect(different.err).toMatch(/got 12 in .*src and 1 in .*short/);
    for (const [args, missing] of [
      [["--model", file("model")], "no --src and no --ref"],
      [["--model", file("model"), "--src", file("src")], "no --ref"],
    ] as const) {
      const err = `seqgrad: evaluate: expected --src and --ref with a model of task translate, got ${missing}\n`;
      expect(seqgrad(["evaluate", ...args])).toEqual({ code: 2, out: "", err });
    }
    const absent = seqgrad(["evaluate", "--model", file("model"), "--src", file("src"), "--ref", file("absent")]);
    expect(absent).toMatchObject({ code: 1, err: `seqgrad: evaluate: --ref: ${file("absent")} does not exist\n` });
  });
});

describe("seqgrad score", () => {
  test("prints signatures and scores, in lines and as JSON", () => {
    const { code, out } = seqgrad(["score", file("long"), file("long")]);
    expect(code).toBe(0);
    expect(out).toMatch(/^BLEU\|nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:\S+ = 100\.00 /);
    expect(out).toMatch(/\nchrF2\|nrefs:1\|case:mixed\|eff:yes\|nc:6\|nw:0\|space:no\|version:\S+ = 100\.00\n$/);
    const json = seqgrad(["score", file("src"), file("ref"), "--tokenize", "none", "--lowercase", "--json"]);
    const [hypotheses, references] = [tested.map(({ source }) => source), tested.map(({ target }) => target)];
    expect(JSON.parse(json.out).bleu).toEqual(bleu(hypotheses, references, { tokenize: "none", lowercase: true }));
    expect(JSON.parse(json.out).chrf).toEqual(chrf(hypotheses, references, { lowercase: true }));
  });

  test("takes its options from a JSON file, as every command does", () => {
    writeFileSync(file("options.json"), JSON.stringify({ tokenize: "none", json: true }));
    const { code, out } = seqgrad(["score", file("src"), file("ref"), "--config", file("options.json")]);
    expect([code, JSON.parse(out).bleu.signature]).toEqual([0, expect.stringContaining("tok:none")]);
    for (const name of ["train", "translate", "evaluate", "inspect"]) {
      expect(seqgrad([name, "--help"]).out).toContain("--config FILE");
    }
  });

  test("takes several references", () => {
    writeFileSync(file("other"), tested.map(({ source }) => `${source}\n`).join(""));
    const { code, out } = seqgrad(["score", file("src"), file("ref"), file("other"), "--json"]);
    const [hypotheses, references] = [tested.map(({ source }) => source), tested.map(({ target }) => target)];
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { bleu: bleu(hypotheses, [references, hypotheses]), chrf: chrf(hypotheses, [references, hypotheses]) },
    ]);
    expect(seqgrad(["score", file("src"), file("ref"), file("short")]).err).toMatch(/got 12 in .*src and 1 in .*short/);
  });

  test("compares two systems", () => {
    const [ours, theirs] = ["A b c d e.", "A b c e d."].map((text, side) =>
      Array.from({ length: 12 }, (_, i) => (i % (2 + side) === 0 ? text : `A b c d ${i}.`)),
    );
    const references = Array.from({ length: 12 }, () => "A b c d e.");
    for (const [name, lines] of Object.entries({ ours, theirs, references })) {
      writeFileSync(file(name), lines.map((text) => `${text}\n`).join(""));
    }
    const compare = ["score", file("ours"), file("references"), "--compare", file("theirs"), "--samples", "200"];
    const wanted = pairedBootstrap(ours, theirs, references, { samples: 200 });
    const { code, out } = seqgrad(compare);
    const { system, baseline, pValue, signature } = wanted.bleu;
    const row = ({ score, mean, ci }: typeof system): string =>
      `${score.toFixed(2).padStart(6)} (μ = ${mean.toFixed(2)} ± ${ci.toFixed(2)})`;
    const rows = `  ${row(system)}  ${file("ours")}\n  ${row(baseline)}  ${file("theirs")}\n`;
    expect(code).toBe(0);
    expect(signature).toMatch(/^nrefs:1\|bs:200\|seed:12345\|case:mixed\|eff:no\|tok:13a\|/);
    expect(
      out.startsWith(`BLEU|${signature}\n${rows}  p = ${pValue.toFixed(4)}\nchrF2|nrefs:1|bs:200|seed:12345|`),
    ).toBe(true);
    const settings = ["--tokenize", "none", "--lowercase", "--seed", "7", "--json"];
    expect(JSON.parse(seqgrad([...compare, ...settings]).out)).toEqual(
      pairedBootstrap(ours, theirs, references, { samples: 200, seed: 7, tokenize: "none", lowercase: true }),
    );
    expect(seqgrad([...compare.slice(0, -1), "1000001"]).err).toMatch(
      /--samples: expected an integer from 1 to 1000000/,
    );
    expect(seqgrad([...compare.slice(0, 4), file("short")]).err).toMatch(/got 12 in .*ours and 1 in .*short/);
    for (const name of ["samples", "seed"]) {
      const err = `seqgrad: score: expected --compare with --${name}, got none\n`;
      expect(seqgrad(["score", file("ours"), file("references"), `--${name}`, "3"])).toEqual({ code: 2, out: "", err });
    }
  });

  test("refuses files of different length, a missing one and an empty one", () => {
    expect(seqgrad(["score", file("ref"), file("short")]).err).toMatch(/got 12 in .*ref and 1 in .*short/);
    writeFileSync(file("empty"), "");
    for (const [name, fault] of [
      ["absent", `${file("absent")} does not exist`],
      ["empty", `expected sentences, got ${file("empty")}, which is empty`],
    ]) {
      const err = expect.stringContaining(fault);
      expect(seqgrad(["score", file("ref"), file(name)])).toEqual({ code: 1, out: "", err });
    }
    expect(seqgrad(["score", file("ref")])).toMatchObject({ code: 2, out: "" });
  });
});

describe("seqgrad inspect", () => {
  test("shows every parameter with its shape, and their number", () => {
    const { model } = Translator.load(file("model"));
    const total = model.parameters().reduce((sum, { data }) => sum + data.length, 0);
    const { code, out } = seqgrad(["inspect", file("model")]);
    expect(code).toBe(0);
    for (const [name, { shape }] of model.namedParameters())
      expect(out).toMatch(new RegExp(`${name}\\s+${shape.join(" × ")}\\s`));
    expect(out).toContain(total.toLocaleString("en"));
    const json = JSON.parse(seqgrad(["inspect", file("model"), "--json"]).out);
    expect(json).toMatchObject({ total, model: { cell: "gru", hiddenSize: 16 }, reverseSource: false });
    expect(seqgrad(["inspect", folder])).toMatchObject({ code: 1, out: "" });
  });

  test("sums up how the model was trained, where that is known", () => {
    const { validations, steps } = JSON.parse(readFileSync(join(file("model"), "history.json"), "utf8"));
    const { out } = seqgrad(["inspect", file("model")]);
    expect(out).toMatch(/^attention {2}additive$/m);
    expect(out).toMatch(new RegExp(`^trained    ${steps.loss.length} steps in 3 epochs, \\d+ s$`, "m"));
    const best = validations.findLast((validation: { best: boolean }) => validation.best);
    expect(out).toMatch(
      new RegExp(`^best {7}epoch ${best.epoch}, loss .*, BLEU .*, chrF .* \\(chosen by loss\\)$`, "m"),
    );
    const { history } = JSON.parse(seqgrad(["inspect", file("model"), "--json"]).out);
    expect(history).toMatchObject({ steps: steps.loss.length, epochs: 3, best, last: validations.at(-1) });
    Translator.load(file("model")).save(file("bare"));
    expect(seqgrad(["inspect", file("bare")]).out).not.toMatch(/^trained/m);
    expect(JSON.parse(seqgrad(["inspect", file("bare"), "--json"]).out).history).toBeNull();
  });
});

describe("seqgrad plot", () => {
  test("draws the curves of a training, to standard output or into a file", () => {
    const history = parseHistory(readFileSync(join(file("model"), "history.json")));
    expect(seqgrad(["plot", file("model")])).toEqual({ code: 0, out: drawCurves(history), err: "" });
    expect(seqgrad(["plot", file("model"), "--out", file("curves.svg")])).toEqual({ code: 0, out: "", err: "" });
    const lost = seqgrad(["plot", file("model"), "--out", file("none/curves.svg")]);
    expect([lost.code, lost.err]).toEqual([1, expect.stringMatching(/^seqgrad: plot: --out: .*: there is no folder /)]);
    expect(readFileSync(file("curves.svg"), "utf8")).toBe(drawCurves(history));
  });

  test("names option and file where it cannot write", () => {
    const fault = (out: string): string => seqgrad(["plot", file("model"), "--out", out]).err;
    const long = file("x".repeat(300));
    expect(fault(long)).toBe(`seqgrad: plot: --out: ${long} is too long a name for a file\n`);
    expect(fault(file("pairs.tsv/x.svg"))).toMatch(/^seqgrad: plot: --out: .*: there is no folder .*pairs\.tsv\n$/);
    if (!existsSync("/dev/full")) return;
    expect(fault("/dev/full")).toBe("seqgrad: plot: --out: /dev/full cannot be written, as there is no space left\n");
  });

  test("names what has no history, or a broken one", () => {
    expect(seqgrad(["plot", folder])).toEqual({
      code: 1,
      out: "",
      err: `seqgrad: plot: expected a folder with the history of a training, got ${folder}, which has none\n`,
    });
    expect(seqgrad(["plot", file("pairs.tsv")]).err).toBe(
      `seqgrad: read: expected a model folder, got ${file("pairs.tsv")}, which is a file\n`,
    );
    mkdirSync(file("broken"));
    writeFileSync(join(file("broken"), "history.json"), '{"steps": 1}');
    const { code, err } = seqgrad(["plot", file("broken")]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^seqgrad: .*broken\/history\.json: expected the steps/)]);
  });
});
