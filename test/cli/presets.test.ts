import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { convertAll } from "../../src/cli/options.js";
import { describeOptions, presetNames, readPreset } from "../../src/cli/presets.js";
import { givenSettings } from "../../src/cli/settingOptions.js";
import { train } from "../../src/cli/train.js";
import { resolveSettings } from "../../src/seq2seq/index.js";
import { checkModel } from "../../src/seq2seq/models/config.js";
import { checkLanguageSettings } from "../../src/seq2seq/tasks/generation/trainTextGenerator.js";
import { optionName } from "../../src/seq2seq/tasks/settingsFile.js";
import { modelConfig } from "../../src/seq2seq/tasks/translation/modelConfig.js";
import { buildOnce, root } from "../support/build.js";
import { seqgrad, writeTsv } from "../support/command.js";
import { reversedDigits } from "../support/digits.js";
import { contents, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

describe("presets", () => {
  test("are the files of their folder", () => {
    const files = presetNames().map((name) => `${name}.json`);
    expect(files.sort()).toEqual(readdirSync(join(root, "presets")).sort());
    expect(presetNames()).toEqual(expect.arrayContaining(["multi30k-attention", "multi30k-fixed"]));
  });

  test.each(presetNames())(
    "%s has settings that there are and that go together, and says what came of them",
    (name) => {
      const { summary, measured, options, ...rest } = readPreset(name);
      expect([rest, summary.length > 20, measured === null || /\d/.test(measured)]).toEqual([{}, true, true]);
      const given = givenSettings(convertAll(train, options));
      expect(
        Object.keys(given)
          .map((key) => optionName(key as never))
          .sort(),
      ).toEqual(Object.keys(options).sort());
      const { settings } = resolveSettings(given);
      const check = settings.task === "generate" ? checkLanguageSettings : () => checkModel(modelConfig(settings));
      expect(() => check(settings)).not.toThrow();
      for (const own of ["threads", "level", "size", "max-minutes"]) expect(options).not.toHaveProperty(own);
    },
  );

  test("are told by train --help, and each by its name beside it", () => {
    const { out } = seqgrad(["train", "--help"]);
    expect(out).toContain(presetNames().join(", "));
    const { code, out: page } = seqgrad(["train", "--preset", "multi30k-sutskever", "--help"]);
    const { summary, measured } = readPreset("multi30k-sutskever");
    expect(code).toBe(0);
    expect(page).toContain(`multi30k-sutskever: ${summary}\n\nmeasured: ${measured ?? "not yet"}\n`);
    expect(page).toContain("--cell lstm ");
    expect(seqgrad(["train", "--preset", "multi30k-sutskever", "-h"]).out).toBe(page);
  });

  test.each<[string[], RegExp]>([
    [[], /^seqgrad: --preset: expected .*multi30k-fixed.*, got "multi30k-fix"; did you mean multi30k-fixed\?$/],
    [["--help"], /got "multi30k-fix"/],
  ])("unknown ones are wrong calls %j", (more, message) => {
    const { code, out, err } = seqgrad(["train", "--out", "x", "--level", "1", "--preset", "multi30k-fix", ...more]);
    expect([code, out, err.trim()]).toEqual([2, "", expect.stringMatching(message)]);
  });

  test("go behind a config file, and that behind the command line; the folder keeps what came of it all", () => {
    const folder = temporaryFolder();
    const [tsv, config, out] = ["pairs.tsv", "config.json", "model"].map((name) => join(folder, name));
    writeTsv(tsv, reversedDigits(4, 3, 1));
    const own = { epochs: 3, "validate-every": 3, "batch-size": 32 };
    writeFileSync(config, JSON.stringify({ preset: "multi30k-fixed", hidden: 7, ...own }));
    const data = ["--train-tsv", tsv, "--threads", "1"];
    const { code, err } = seqgrad(["train", ...data, "--out", out, "--config", config, "--hidden", "6"]);
    expect([code, err]).toEqual([0, expect.stringContaining("epoch 1, step 3: training loss")]);
    const settings = JSON.parse(contents(out)["settings.json"]);
    const { options } = readPreset("multi30k-fixed");
    expect(settings).toMatchObject({ ...options, ...own, hidden: 6, seed: 0 });
    const { out: shown } = seqgrad(["inspect", out]);
    expect(shown).toMatch(/^settings {3}--tokenizer space --min-frequency 2 --hidden 6 /m);
    expect(JSON.parse(seqgrad(["inspect", out, "--json"]).out).settings).toEqual(settings);

    // The settings of a model, given as a config file, make the same model.
    const again = `${out}2`;
    const same = ["train", "--train-tsv", tsv, "--out", again, "--config", join(out, "settings.json")];
    expect(seqgrad(same).code).toBe(0);
    const { "history.json": _, ...timeless } = contents(out);
    expect(contents(again)).toMatchObject(timeless);
  });

  test("are typed as options are", () => {
    expect(describeOptions({ hidden: 6, bidirectional: true, conditional: false, cell: "gru" }, 24)).toEqual([
      "--hidden 6",
      "--bidirectional",
      "--cell gru",
    ]);
    expect(describeOptions({ hidden: 6, cell: "gru" })).toEqual(["--hidden 6 --cell gru"]);
  });
});
