// Runs cases one after the other: node worker.mjs FOLDER SAMPLES FROM TO [PART OF A TARGET'S
// NAME [make]]. Before each its number goes to FOLDER/now, so
// that whoever watches knows which one did not end. What fails is sent to the parent.
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { Generator, setNumThreads } from "../../dist/index.js";
import { faultOf, guardWrites, isPolluted } from "./checks.mjs";
import { readSamples } from "./samples.mjs";
import { Violation } from "./targets/files.mjs";
import { targets as all } from "./targets/index.mjs";

const [folder, samplesFolder, from, to, only, makesOnly] = process.argv.slice(2);
setNumThreads(1);
const samples = readSamples(samplesFolder);
const targets = only ? all.filter(({ name }) => name.includes(only)) : all;
if (targets.length === 0)
  throw new Error(
    `soak: expected a part of a target's name, got ${only}; there are ${all.map(({ name }) => name).join(", ")}`,
  );
const total = targets.reduce((sum, { weight }) => sum + weight, 0);
const upTo = targets.map((_, i) => targets.slice(0, i + 1).reduce((sum, { weight }) => sum + weight, 0));
const now = openSync(join(folder, "now"), "w");
const real = { mkdirSync, mkdtempSync, rmSync, writeFileSync };
const tried = guardWrites(folder);
/** Resident memory that a worker may take at most, with all that it holds by then. */
export const LIMIT_MB = 768;
let peak = 0;

// What takes its time to begin is no case that hangs.
for (const target of targets) await target.start?.({ folder, samplesFolder });

/** What a case is of: the target and its files. */
function make(number) {
  const random = new Generator(number);
  const place = random.random() * total;
  const target = targets.find((_, i) => place < upTo[i]) ?? targets[0];
  return { target, files: target.make(random, samples) };
}

/** What is wrong with a case; null when nothing is. */
async function faultIn({ target, files }) {
  const outer = target.onDisk ? real.mkdtempSync(join(folder, "case-")) : folder;
  const own = join(outer, "folder");
  tried.length = 0;
  try {
    if (target.onDisk) {
      real.mkdirSync(own);
      for (const [name, content] of Object.entries(files)) {
        real.mkdirSync(dirname(join(own, name)), { recursive: true });
        real.writeFileSync(join(own, name), content);
      }
    }
    await target.run(files, own, folder);
  } catch (error) {
    if (error instanceof Violation) return error.message;
    const fault = faultOf(error);
    if (fault) return `${fault}\n${error?.stack ?? ""}`;
  } finally {
    if (target.onDisk) real.rmSync(outer, { recursive: true, force: true });
  }
  if (tried.length > 0 && !target.anyFolder) return `would have written elsewhere: ${tried.join(", ")}`;
  if (isPolluted()) return "a prototype is not what it was";
  return null;
}

process.on("uncaughtException", (error) => fail(current, `was not caught: ${error?.stack ?? error}`, true));
let current = null;

function fail({ number, made }, fault, isLast = false) {
  const files = Object.fromEntries(
    Object.entries(made?.files ?? {}).map(([name, content]) => [name, Buffer.from(content).toString("base64")]),
  );
  process.send({ number, target: made?.target.name ?? "", fault, files, isLast }, () => isLast && process.exit(1));
}

const counts = {};
for (let number = Number(from); number < Number(to); number++) {
  writeSync(now, `${number} `.padEnd(20), 0);
  current = { number, made: null };
  current.made = make(number);
  const { name } = current.made.target;
  counts[name] = (counts[name] ?? 0) + 1;
  const fault = makesOnly ? "" : await faultIn(current.made);
  if (fault !== null) fail(current, fault);
  const resident = process.resourceUsage().maxRSS / 1024;
  if (resident > LIMIT_MB && peak <= LIMIT_MB)
    fail(current, `resident memory of ${Math.round(resident)} MB, above ${LIMIT_MB}`);
  peak = Math.max(peak, resident);
}
process.send({ counts, peak }, () => process.exit(0));
