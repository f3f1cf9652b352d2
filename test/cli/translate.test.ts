import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadPretrained } from "../../src/pretrained/index.js";
import { drawAlignment } from "../../src/seq2seq/index.js";
import { Translator } from "../../src/seq2seq/tasks/translation/translator.js";
import { TranslatorEnsemble } from "../../src/seq2seq/tasks/translation/translatorEnsemble.js";
import { Vocabulary } from "../../src/seq2seq/text/index.js";
import { buildOnce, commandFile } from "../support/build.js";
import { Running, seqgrad, writeTsv } from "../support/command.js";
import { reversedDigits } from "../support/digits.js";
import { newFolder } from "../support/folder.js";

const folder = newFolder();
const model = join(folder, "model");
const pairs = reversedDigits(4, 3, 1);
const badDictionary = join(folder, "bad.tsv");
writeFileSync(badDictionary, "a\tb\nb\n");
const lines = pairs.slice(0, 6).map(({ source }) => source);

beforeAll(() => {
  buildOnce();
  const tsv = join(folder, "pairs.tsv");
  writeTsv(tsv, pairs);
  const train = ["train", "--train-tsv", tsv, "--out", model, "--hidden", "16", "--epochs", "4", "--lr", "0.01"];
  const { code, err } = seqgrad(train);
  if (code !== 0) throw new Error(err);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const translate = (args: readonly string[], input: string | Uint8Array) =>
  seqgrad(["translate", "--model", model, ...args], input);

describe("seqgrad translate", () => {
  test("gives one line for each line, empty ones too, and nothing else", () => {
    const translator = Translator.load(model);
    const texts = [lines[0], "", ...lines.slice(1)];
    const { code, out, err } = translate([], `${texts.join("\n")}\n`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`${translator.translate(texts).join("\n")}\n`);
    expect(translate([], texts.join("\r\n")).out).toBe(out); // as another system writes it
    expect(translate([], "")).toEqual({ code: 0, out: "", err: "" });
    const beams = translator.translate(texts, { beam: 3, lengthPenalty: 0, maxLength: 2 });
    expect(translate(["--beam", "3", "--length-penalty", "0", "--max-length", "2"], texts.join("\n")).out).toBe(
      `${beams.join("\n")}\n`,
    );
  });

  test("translates texts that are arguments, and leaves standard input alone", () => {
    const translations = Translator.load(model).translate(lines.slice(0, 2));
    expect(translate(lines.slice(0, 2), lines[2])).toEqual({ code: 0, out: `${translations.join("\n")}\n`, err: "" });
    const json = translate([lines[0], "--json"], "").out;
    expect(JSON.parse(json)).toEqual({ source: lines[0], target: translations[0] });
  });

  test("takes texts for texts that are too long for a file's name, or a folder's name", () => {
    const texts = ["1 ".repeat(200), `${join(folder, "pairs.tsv")}/x`, folder];
    const { code, out } = translate([...texts, "--max-length", "2"], "");
    expect([code, out.match(/\n/g)?.length]).toEqual([0, 3]);
  });

  test("translates with the package's own model where no other is given", () => {
    const text = "the black cat is sleeping";
    const expected = { code: 0, out: `${loadPretrained().translate([text])[0]}\n`, err: "" };
    expect(seqgrad(["translate", text])).toEqual(expected);
    expect(seqgrad(["translate"], text)).toEqual(expected);
  });

  test("prints the n best with number and score, or as JSON", () => {
    const nBest = Translator.load(model).translateNBest(lines, { beam: 3, nBest: 2 });
    const { out } = translate(["--beam", "3", "--n-best", "2"], lines.join("\n"));
    const expected = nBest.flatMap((best, i) =>
      best.map(({ text, score }) => `${i + 1}\t${score.toFixed(4)}\t${text}\n`),
    );
    expect(out).toBe(expected.join(""));
    const json = translate(["--beam", "3", "--n-best", "2", "--json"], lines.join("\n")).out;
    const objects = json
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const tokens = lines.map((line) => Array.from(line.replaceAll(" ", "")));
    expect(objects).toEqual(nBest.map((hypotheses, i) => ({ source: lines[i], tokens: tokens[i], hypotheses })));
    expect(Object.keys(objects[0].hypotheses[0])).toEqual([
      ...["text", "score", "logProbability", "isFinished", "tokens", "alignment"],
    ]);
    const [first] = translate(["--json"], lines.join("\n")).out.split("\n");
    expect(Object.keys(JSON.parse(first))).toEqual(["source", "target"]);
  });

  test("searches as its options say", () => {
    const translator = Translator.load(model);
    const dictionary = join(folder, "dictionary.tsv");
    writeFileSync(dictionary, `1\tun\n2\tdeux mots\n`);
    const args = ["--beam", "4", "--length-penalty-offset", "5", "--coverage-penalty", "0.3"];
    const more = ["--no-repeat-ngram-size", "1", "--replace-unknown", "--dictionary", dictionary, "--target-prefix"];
    const targetPrefixes = lines.map((_, i) => (i % 2 ? "" : "2 3"));
    const expected = translator.translate(lines, {
      beam: 4,
      lengthPenaltyOffset: 5,
      coveragePenalty: 0.3,
      noRepeatNgramSize: 1,
      replaceUnknown: new Map([
        ["1", "un"],
        ["2", "deux mots"],
      ]),
      targetPrefixes,
    });
    const input = lines.map((line, i) => (i % 2 ? line : `${line}\t2 3`)).join("\n");
    expect(translate([...args, ...more], input)).toEqual({ code: 0, out: `${expected.join("\n")}\n`, err: "" });
    expect(expected[0]).toMatch(/^2 3/);
  });

  test("says which text begins with more than it may have, in the words of its options", () => {
    const { code, out, err } = translate(["1 2\t2", "1 2\t2 1 3", "--target-prefix", "--max-length", "2"], "");
    expect([code, out.match(/\n/g)?.length, err]).toEqual([
      ...[1, 1, "seqgrad: text 2: expected a prefix of at most the --max-length of 2 tokens, got 3\n"],
    ]);
  });

  test("translates with an ensemble of models, and refuses one of another vocabulary", () => {
    const train = ["train", "--train-tsv", join(folder, "pairs.tsv"), "--hidden", "8", "--epochs", "2"];
    const [second, other] = [join(folder, "second"), join(folder, "other")];
    expect(seqgrad([...train, "--out", second]).code).toBe(0);
    expect(seqgrad([...train, "--out", other, "--max-vocabulary", "7"]).code).toBe(0);
    const ensemble = new TranslatorEnsemble([model, second].map((path) => Translator.load(path)));
    const expected = ensemble.translate(lines, { beam: 3 });
    const { code, out, err } = translate(["--model", second, "--beam", "3"], lines.join("\n"));
    expect({ code, out, err }).toEqual({ code: 0, out: `${expected.join("\n")}\n`, err: "" });
    const message = "TranslatorEnsemble: expected translators with one source vocabulary, got another at 1";
    expect(translate(["--model", second, "--model", other], lines[0])).toEqual({
      code: 1,
      out: "",
      err: `seqgrad: translate: --model ${other}: ${message}\n`,
    });
  });

  test("says at the end which words the model does not know", () => {
    const texts = `${lines[0]}\none two ${lines[1]}\none three\n`;
    const { code, out, err } = translate([], texts);
    expect([code, out.split("\n")]).toEqual([0, expect.objectContaining({ length: 4 })]);
    expect(err).toBe("3 words unknown to the model: one, two, three\n");
    expect(translate([], "one").err).toBe("1 word unknown to the model: one\n");
    expect(translate([], "a b c d e f").err).toBe("6 words unknown to the model: a, b, c, d, e, …\n");
    for (const more of [[], ["--n-best", "1"]]) {
      const objects = translate(["--json", ...more], texts)
        .out.trim()
        .split("\n")
        .map((line) => JSON.parse(line).unknown);
      expect(objects).toEqual([undefined, ["one", "two"], ["one", "three"]]);
    }
  });

  test("answers each line as it is typed", async () => {
    const running = new Running(["translate", "--model", model, "--beam", "2", "--n-best", "1"], { typing: true });
    await running.says("one sentence a line, Ctrl-D ends\n");
    running.process.stdin.write(`${lines[0]}\n`);
    await running.prints("1\t");
    running.process.stdin.write(`seven ${lines[1]}\n`);
    await running.prints("2\t");
    await running.says("\n1 word unknown to the model: seven\n");
    running.process.stdin.end();
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.out.match(/\n/g)).toHaveLength(2);
  });

  test("answers a program that writes a line and waits, through pipes", async () => {
    const translator = Translator.load(model);
    const running = new Running(["translate", "--model", model]);
    let expected = "";
    for (const line of ["", ...lines]) {
      running.process.stdin.write(`${line}\n`);
      expected += `${translator.translate([line])[0]}\n`;
      await running.prints(expected);
    }
    running.process.stdin.write(lines[0]); // the last line break may be missing
    running.process.stdin.end();
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.out).toBe(`${expected}${translator.translate([lines[0]])[0]}\n`);
  });

  test("keeps the order of a file of many chunks", () => {
    const texts = Array.from({ length: 30_000 }, (_, i) => lines[i % 7] ?? "");
    const few = new Map(lines.map((line) => [line, Translator.load(model).translate([line])[0]]));
    const { code, out } = translate(["--max-length", "3"], texts.join("\n"));
    expect(code).toBe(0);
    const answers = out.split("\n");
    expect(answers).toHaveLength(texts.length + 1);
    expect(answers.slice(0, -1).findIndex((answer, i) => answer !== (few.get(texts[i]) ?? ""))).toBe(-1);
  });

  test("waits for input that comes slowly", async () => {
    const running = new Running(["translate", "--model", model]);
    running.process.stdin.write(`${lines[0]}\n`);
    await new Promise((resolve) => setTimeout(resolve, 700));
    running.process.stdin.end(`${lines[1]}\n`);
    expect({ ...(await running.ended), err: running.err }).toEqual({ code: 0, signal: null, err: "" });
    expect(running.out.match(/\n/g)).toHaveLength(2);
  });

  test("ends quietly when nobody reads on", async () => {
    const running = new Running(["translate", "--model", model]);
    running.process.stdout.destroy();
    running.process.stdin.end(`${lines.join("\n")}\n`.repeat(50));
    await running.ended;
    expect(running.err).not.toMatch(/ {4}at |EPIPE/);
  });

  test("answers what stands before a line that is not UTF-8, and names that", () => {
    const { code, out, err } = translate([], Uint8Array.of(0x31, 0x0a, 0xff));
    expect([code, out]).toEqual([1, `${Translator.load(model).translate(["1"])[0]}\n`]);
    expect(err).toMatch(/^seqgrad: standard input: expected UTF-8, got an invalid byte in line 2/);
    expect(translate([], Uint8Array.of(0x31, 0x0a, 0xff, 0x0a, 0x31, 0x0a))).toEqual({ code, out, err });
  });

  test("does not wait for more after such a line", async () => {
    const running = new Running(["translate", "--model", model]);
    running.process.stdin.write(Uint8Array.of(0x31, 0x0a, 0xff, 0x0a));
    expect(await running.ended).toEqual({ code: 1, signal: null });
  });

  test("prints nothing that a terminal would obey, and one line for one line, whatever the model's words are", () => {
    const { model: trained, source, target, reverseSource } = Translator.load(model);
    const tokens = target.vocabulary
      .toJSON()
      .tokens.map((token, id) => (id < 4 ? token : `\u001b[31m${token}\n\u009b`));
    const hostile = { tokenizer: target.tokenizer, vocabulary: Vocabulary.fromJSON({ tokens }) };
    const saved = join(folder, "hostile");
    new Translator({ model: trained, source, target: hostile, reverseSource }).save(saved);
    for (const args of [[], ["--n-best", "1"], ["--json"]]) {
      const { code, out, err } = seqgrad(["translate", "--model", saved, ...args], `${lines[0]}\na\u009bb \u001b[2J\n`);
      expect([code, out.match(/\n/g)]).toEqual([0, ["\n", "\n"]]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      expect(out + err).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
      if (args[0] === "--json") expect(JSON.parse(out.split("\n")[1]).source).toBe("a\u009bb \u001b[2J");
    }
  });

  test("draws where the model looks while it translates the first sentence", () => {
    const picture = join(folder, "attention.svg");
    const args = ["--attention", picture, "--beam", "2"];
    const { code, out, err } = translate(args, `\n${lines[0]}\n${lines[1]}\n`);
    expect([code, err]).toEqual([0, `attention of the first sentence drawn in ${picture}\n`]);
    expect(out).toBe(translate(["--beam", "2"], `\n${lines[0]}\n${lines[1]}\n`).out);
    const translator = Translator.load(model);
    const [translation] = translator.translate([lines[0]], { beam: 2 });
    expect(readFileSync(picture, "utf8")).toBe(drawAlignment(translator.align(lines[0], translation)!));
    const undrawn = join(folder, "undrawn.svg");
    const said = { code: 0, err: `there was no sentence to draw: ${undrawn} was not written\n` };
    expect(translate(["--attention", undrawn], "\n \n")).toMatchObject(said);
    expect(existsSync(undrawn)).toBe(false);
    const nowhere = join(folder, "none", "x.svg");
    const message = `seqgrad: translate: --attention: ${nowhere}: there is no folder ${join(folder, "none")}\n`;
    expect(translate(["--attention", nowhere], lines[0])).toMatchObject({ code: 1, out: "", err: message });

    const blind = join(folder, "blind");
    const train = ["train", "--train-tsv", join(folder, "pairs.tsv"), "--out", blind, "--hidden", "8", "--epochs", "1"];
    expect(seqgrad([...train, "--attention", "none"]).code).toBe(0);
    expect(seqgrad(["translate", "--model", blind, ...args], lines[0])).toEqual({
      code: 1,
      out: "",
      err: "seqgrad: translate: --attention: expected a model with attention, got one without\n",
    });
    for (const option of [["--replace-unknown"], ["--coverage-penalty", "0.1"]]) {
      expect(seqgrad(["translate", "--model", blind, ...option], lines[0])).toEqual({
        code: 1,
        out: "",
        err: `seqgrad: translate: ${option[0]}: expected a model with attention, got one without\n`,
      });
    }
  });

  test("tells how far it is with a long file", () => {
    const file = join(folder, "long.txt");
    writeFileSync(file, `${lines[0]}\n`.repeat(40_000));
    const input = openSync(file, "r");
    // A second of this process is an hour to the command.
    const clock = "const now = performance.now.bind(performance); performance.now = () => 3600 * now();";
    const args = ["--import", `data:text/javascript,${clock}`, commandFile, "translate", "--model", model];
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: [input, "pipe", "pipe"] });
    closeSync(input);
    const said = stderr.toString().trimEnd().split("\n");
    expect([status, said.length]).toEqual([0, expect.any(Number)]);
    expect(said.length).toBeGreaterThan(1);
    for (const line of said) expect(line).toMatch(/^[\d,]+ lines \(\d+ %\), [\d,]+ a second$/);
    expect(said.at(-1)).toMatch(/^40,000 lines \(100 %\)/);
  });

  test.skipIf(!existsSync("/dev/full"))("says so when its output cannot be written", () => {
    const full = openSync("/dev/full", "w");
    const args = [commandFile, "translate", "--model", model];
    const { status, stderr } = spawnSync(process.execPath, args, { input: "1", stdio: ["pipe", full, "pipe"] });
    closeSync(full);
    expect([status, stderr.toString()]).toEqual([1, expect.stringMatching(/^seqgrad: standard output: .*ENOSPC/)]);
  });

  test.each<[string, string[], string | Uint8Array, RegExp]>([
    [
      "a model that is not there",
      ["--model", join(folder, "none")],
      "1",
      /^seqgrad: load: expected a model folder, got .*none/,
    ],
    [
      "bytes that are not UTF-8",
      [],
      Uint8Array.of(0xff, 0x0a, 0x31),
      /^seqgrad: standard input: expected UTF-8, got an invalid byte in line 1/,
    ],
    [
      "a dictionary with a line of another kind",
      ["--replace-unknown", "--dictionary", badDictionary],
      "1",
      /^seqgrad: --dictionary: .*bad.tsv: expected SOURCE TAB TARGET in line 2, got "b"\n$/,
    ],
  ])("fails with 1 on %s", (_, args, input, message) => {
    const { code, out, err } = translate(args, input);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(message);
  });

  test("takes a dictionary together with what it is for", () => {
    const { code, err } = translate(["--dictionary", badDictionary], "1");
    expect([code, err]).toEqual([2, "seqgrad: --dictionary: expected --replace-unknown with it, got none\n"]);
  });
});
