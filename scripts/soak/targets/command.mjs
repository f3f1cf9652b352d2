// The command line: arguments and files that make little sense. The model beside them stays whole.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seq2seq } from "../../../dist/index.js";
import { faultOf } from "../checks.mjs";
import { anyText, mutateJsonFile, mutateText, mutateTextFile } from "../mutate.mjs";
import { Violation } from "./files.mjs";

const { run } = await import("../../../dist/shared/program.js");
const encode = (text) => new TextEncoder().encode(text);
const MODEL = ["config.json", "source.json", "target.json", "model.safetensors", "history.json", "settings.json"];
const SMALL = ["--hidden", "4", "--epochs", "1", "--threads", "1", "--max-minutes", "0.01"];
/** Calls that work, from which others are made. */
const CALLS = [
  ["train", "--train-tsv", "pairs.tsv", "--out", "out", ...SMALL],
  ["train", "--train-tsv", "pairs.tsv", "--out", "model", "--force", ...SMALL],
  ["train", "--task", "generate", "--train-text", "lines.txt", "--out", "out", ...SMALL],
  ["train", "--task", "classify", "--train-tsv", "pairs.tsv", "--out", "out", ...SMALL],
  ["train", "--config", "settings.json", "--train-tsv", "pairs.tsv", "--out", "out", ...SMALL],
  ["translate", "the cat", "--model", "model", "--beam", "2", "--json", "--threads", "1"],
  ["evaluate", "--model", "model", "--src", "lines.txt", "--ref", "lines.txt", "--threads", "1"],
  ["score", "lines.txt", "lines.txt", "--json"],
  ["inspect", "model"],
  ["plot", "model", "--out", "curves.svg"],
  ["generate", "--model", "model", "--context", "a", "--length", "3"],
  ["classify", "a", "--model", "model"],
  ["transcribe", "a.wav", "--model", "model"],
];
/** Options and values to put in. */
const MORE = [
  ...[
    "--help",
    "-h",
    "--json",
    "--force",
    "--resume",
    "--",
    "-",
    "--x",
    "--config",
    "--model",
    "--out",
    "--lr",
    "--layers",
  ],
  ...[
    "--beam",
    "--subwords",
    "--attention",
    "--__proto__",
    "--constructor",
    "--lr=-1",
    "--hidden=1e9",
    "--layers=1e9",
    "--seed=0.5",
  ],
  ...[
    "model",
    "out",
    "../out",
    ".",
    "..",
    "settings.json",
    "pairs.tsv",
    "",
    "0",
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "none",
    "all",
  ],
  ...[
    "--preset",
    "--detect-anomaly",
    "--skip-nonfinite=2",
    "--max-vocabulary=5",
    "--batch-tokens=1",
    "--validate-every=1",
  ],
];

export const commandLine = {
  name: "command line",
  weight: 0.5,
  onDisk: true,
  anyFolder: true, // who asks for a folder elsewhere means it
  make(random, samples) {
    const args = [...CALLS[random.integer(CALLS.length)]];
    for (let n = random.integer(4); n > 0; n--) {
      const at = random.integer(args.length + 1);
      const kind = random.integer(4);
      if (kind === 0) args.splice(at, 1);
      else if (kind === 1 && at < args.length) args[at] = mutateText(random, args[at]).slice(0, 200);
      else
        args.splice(
          at,
          random.integer(2),
          kind === 2 ? anyText(random).slice(0, 200) : MORE[random.integer(MORE.length)],
        );
    }
    // One that is given twice is refused at once, which is seldom what is to be tried.
    for (const put of args.filter((arg) => /^--\w.*=/.test(arg) && random.integer(8) > 0)) {
      const at = args.indexOf(put.slice(0, put.indexOf("=")));
      if (at >= 0) args.splice(at, 2);
    }
    const broken = (name) => (random.integer(4) ? samples[name] : mutateTextFile(random, samples[name]));
    return {
      "args.json": encode(JSON.stringify(args)),
      ...{ "pairs.tsv": broken("pairs.tsv"), "lines.txt": broken("lines.txt"), "a.wav": samples["16.wav"] },
      "settings.json": random.integer(2) ? samples["settings.json"] : mutateJsonFile(random, samples["settings.json"]),
      ...Object.fromEntries(MODEL.map((name) => [`model/${name}`, samples[`translate/${name}`]])),
    };
  },
  async run(files, folder) {
    const args = JSON.parse(new TextDecoder().decode(files["args.json"]));
    const inner = join(folder, "x", "y"); // where a path may go up without leaving
    mkdirSync(inner, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(inner, name, ".."), { recursive: true });
      writeFileSync(join(inner, name), content);
    }
    const { code, err } = await called(args, inner);
    const message = err.slice(err.lastIndexOf("seqgrad: ") + "seqgrad: ".length).trim();
    if (![0, 1, 2].includes(code)) throw new Violation(`exit code ${code}: ${message}`);
    if (code !== 0 && !err.includes("seqgrad: ")) throw new Violation(`exit code ${code} without a message: ${err}`);
    checkModel(join(inner, "model"), files, code !== 0 && !args.includes("--force"));
    if (code !== 0) {
      const fault = faultOf(new Error(message.split("\n")[0].includes(": ") ? message : `seqgrad: ${message}`));
      if (fault) throw new Violation(`seqgrad ${JSON.stringify(args)} ${fault}`);
    }
  },
};

/** Runs the command within this process, in a folder. */
async function called(args, folder) {
  const [cwd, out, error] = [process.cwd(), process.stdout.write, process.stderr.write];
  let err = "";
  const write =
    (keep) =>
    (text, ...rest) => {
      if (keep) err += text;
      rest.findLast((each) => typeof each === "function")?.();
      return true;
    };
  process.chdir(folder);
  process.stdout.write = write(false);
  process.stderr.write = write(true);
  process.exitCode = 0;
  try {
    await run(args);
    return { code: process.exitCode, err };
  } finally {
    process.exitCode = 0;
    process.stdout.write = out;
    process.stderr.write = error;
    process.stdout.removeAllListeners("error");
    process.stderr.removeAllListeners("error");
    process.chdir(cwd);
  }
}

/** A whole model is there, or none where its user had it replaced; after a failure the old one. */
function checkModel(folder, files, isOld) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const strange = names.find((name) => name.startsWith("seqgrad.") || name.endsWith(".seqgrad.new"));
  if (strange) throw new Violation(`${strange} was left in the model folder`);
  const same = MODEL.every(
    (name) => names.includes(name) && readFileSync(join(folder, name)).equals(files[`model/${name}`]),
  );
  if (same) return;
  if (isOld) throw new Violation(`a command that failed changed the model`);
  const { task = "translate" } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  const { translate, generate, classify } = {
    translate: seq2seq.Translator,
    generate: seq2seq.TextGenerator,
    classify: seq2seq.Classifier,
  };
  ({ translate, generate, classify })[task].load(folder).dispose();
}
