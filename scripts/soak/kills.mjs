// Trainings killed at random and at their writes, on 1 and 2 threads, and gone on with: what comes of them is, bit for bit,
// what comes of one that was not; a killed one leaves a whole model or none, and nothing beside it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Generator, seq2seq } from "../../dist/index.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const killAt = new URL("killAt.mjs", import.meta.url).href;
const COMMON = ["--hidden", "12", "--batch-size", "8", "--epochs", "6", "--validate-every", "4", "--dropout", "0.2"];

/** What is trained: with all that a checkpoint has to carry. */
const RUNS = {
  translate: {
    args: ["--train-tsv", "pairs.tsv", "--ema", "0.9", "--average-checkpoints", "3", "--lr-decay", "plateau"],
    load: (folder) => seq2seq.Translator.load(folder).dispose(),
  },
  generate: {
    args: ["--task", "generate", "--train-text", "text.txt", "--sequence-length", "8", "--patience", "40"],
    load: (folder) => seq2seq.TextGenerator.load(folder).dispose(),
  },
};

/** Kills so many trainings. Returns whether all went as they should. */
export async function soakKills({ kills, seed, folder }) {
  mkdirSync(folder, { recursive: true });
  const random = new Generator(seed);
  const words = Array.from({ length: 64 }, () => Array.from({ length: 3 }, () => random.integer(9)).join(" "));
  writeFileSync(join(folder, "pairs.tsv"), words.map((text) => `${text}\t${[...text].reverse().join("")}\n`).join(""));
  writeFileSync(join(folder, "text.txt"), words.join("\n"));
  const rows = Object.entries(RUNS).flatMap(([name, run]) => [1, 2].map((threads) => ({ name, ...run, threads })));
  const began = performance.now();
  const totals = { killed: 0, atWrites: 0, ended: 0 };
  const faults = [];
  for (const [i, row] of rows.entries()) {
    const share = Math.floor((kills * (i + 1)) / rows.length) - Math.floor((kills * i) / rows.length);
    faults.push(...(await killAll(row, { share, random, folder, totals })));
    process.stderr.write(
      `${row.name} on ${row.threads} threads: ${totals.killed} killed, ${totals.ended} compared, ${faults.length} faults\n`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  for (const fault of faults) console.log(`FAILED: ${fault}`);
  const { killed, atWrites, ended } = totals;
  console.log(
    `${killed} trainings killed, ${atWrites} of them at a write, in ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  console.log(`${ended} went on to their ends, compared with one that was not killed; ${faults.length} faults`);
  return faults.length === 0;
}

/** Kills a row's share of trainings, and goes on with each until it ends. */
async function killAll({ name, args, load, threads }, { share, random, folder, totals }) {
  const call = (out, ...more) => ["train", ...args, ...COMMON, "--threads", String(threads), "--out", out, ...more];
  const count = join(folder, "count");
  const start = performance.now();
  const whole = await runTo(folder, call("whole"), { SOAK_COUNT: count });
  if (whole.code !== 0)
    return [`${name}: the training that is to be compared with ended with ${whole.code}: ${whole.err}`];
  const duration = performance.now() - start;
  const writes = Number(readFileSync(count, "utf8"));
  rmSync(count);
  const expected = contentOf(join(folder, "whole"));
  const around = readdirSync(folder).length + 1;
  const out = join(folder, "out");
  const faults = [];
  const fault = (what) => faults.push(`${name} on ${threads} threads: ${what}`);

  for (let left = share; left > 0 || existsSync(out); ) {
    const canResume =
      existsSync(out) && readdirSync(out).some((file) => !file.startsWith("seqgrad.") && !file.endsWith(".new"));
    const isAtWrite = random.integer(2) === 0;
    const way = left === 0 ? {} : isAtWrite ? { at: random.integer(writes) } : { after: random.random() * duration };
    const env = way.at === undefined ? {} : { SOAK_KILL_AT: String(way.at) };
    const { code, signal, err, pid } = await runTo(
      folder,
      call("out", canResume ? "--resume" : "--force"),
      env,
      way.after,
    );
    if (isThere(pid)) fault(`process ${pid} is still there`);
    if (signal === "SIGKILL") {
      left--;
      totals.killed++;
      if (isAtWrite) totals.atWrites++;
      try {
        if (existsSync(join(out, "config.json"))) load(out);
      } catch (error) {
        fault(`killed ${JSON.stringify(way)}, it left a model that cannot be read: ${error.message}`);
      }
    } else if (code === 0) {
      totals.ended++;
      const got = contentOf(out);
      for (const file of new Set([...Object.keys(expected), ...Object.keys(got)])) {
        if (got[file] !== expected[file])
          fault(
            `${file} is ${got[file] === undefined ? "absent" : expected[file] === undefined ? "left over" : "another"}`,
          );
      }
      rmSync(out, { recursive: true });
    } else {
      fault(`it went on after a kill, and ended with ${code ?? signal}: ${err.slice(-500)}`);
      rmSync(out, { recursive: true, force: true });
    }
    const beside = readdirSync(folder);
    if (beside.length > around) fault(`beside the model: ${beside}`);
    if (faults.length > 20) break;
  }
  rmSync(join(folder, "whole"), { recursive: true });
  return faults;
}

/** Runs the command to its end, or kills it after so many milliseconds. */
function runTo(cwd, args, env, after) {
  const child = spawn(process.execPath, ["--import", killAt, command, ...args], {
    ...{ cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] },
  });
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const timer = after === undefined ? null : setTimeout(() => child.kill("SIGKILL"), after);
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, err, pid: child.pid });
    });
  });
}

/** A model folder's files by name; of the history all but how long things took. */
function contentOf(folder) {
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const text = readFileSync(join(folder, name), "latin1");
      if (name !== "history.json") return [name, text];
      const { steps, validations } = JSON.parse(text);
      return [
        name,
        JSON.stringify([{ ...steps, seconds: null }, validations.map((each) => ({ ...each, seconds: null }))]),
      ];
    }),
  );
}

function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
