// Runs the packed package on every runtime that it promises: Node.js, Bun, Deno, and pages in browsers, bundled or not.
// On each a small translator is trained, kept, read back and asked; a line says what was found. Losses must have the same
// bits wherever the kernel set is the same, and hardly differ where it is not. A runtime that is not to be had is named
// and left out, or, where CI is set, counts as a failure.
//   node test/runtimes/run.mjs [Node.js|Bun|Deno|Chromium|Firefox ...]
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binaryOf, installPackage, installRuntimes, installTools, runtimes } from "./install.mjs";

const only = process.argv.slice(2);
const isWanted = ({ name }) => only.length === 0 || only.includes(name);
const folder = mkdtempSync(join(tmpdir(), "seqgrad-runtimes-"));
/** Reports by kernel set: the first of each is what the others are held against. */
const first = new Map();
let failures = 0;

function say(name, what) {
  console.log(`${name.padEnd(58)} ${what}`);
}

function fail(name, why) {
  failures++;
  say(name, `FAILED: ${why}`);
}

function missing(name, why) {
  if (process.env.CI) fail(name, why);
  else say(name, `left out: ${why}`);
}

/** Says what a report comes to; `threads` is how many must have run, and `set` which kernels, where that is promised. */
function check(name, report, { threads = 2, set } = {}) {
  if (report.error) return fail(name, report.error);
  const { kernelSet, runningThreads, notes, losses, translations } = report;
  const described = [`${kernelSet}, ${runningThreads} thread${runningThreads > 1 ? "s" : ""}.`, ...notes].join(" ");
  const wrong = [
    ...(set && set !== kernelSet ? [`expected the kernel set ${set}`] : []),
    ...(threads === runningThreads ? [] : [`expected ${threads} threads`]),
    ...(threads > 1 || notes.some((note) => note.startsWith("Threads: 1 runs: ")) ? [] : ["nothing says why"]),
    ...(translations.join() === "four zero seven,nine eight two" ? [] : [`translated ${translations.join(", ")}`]),
    ...differences(name, kernelSet, losses),
  ];
  if (wrong.length > 0) fail(name, `${wrong.join("; ")} (${described})`);
  else say(name, `${losses.at(-1).toFixed(12)} ${described}`);
}

function differences(name, set, losses) {
  if (!first.has(set)) first.set(set, { name, losses });
  const bits = (values) => Buffer.from(Float64Array.from(values).buffer).toString("hex");
  return [...first].flatMap(([other, { name: there, losses: theirs }]) => {
    if (other === set) return bits(losses) === bits(theirs) ? [] : [`other losses than ${there}`];
    // A rounding goes a long way in training: it starts as one.
    const far = (from, to, most) =>
      losses.slice(from, to).some((x, i) => !(Math.abs(x / theirs[from + i] - 1) <= most));
    return losses.length !== theirs.length || far(0, 4, 1e-6) || far(4, undefined, 1e-4)
      ? [`losses far from ${there}'s: ${losses} and ${theirs}`]
      : [];
  });
}

async function runProcesses() {
  const run = promisify(execFile);
  const env = { ...process.env, SEQGRAD_KERNELS: "", SEQGRAD_THREADS: "" };
  for (const [i, runtime] of runtimes.entries()) {
    const { name, rest = "", permissions, hasFolder = true } = runtime;
    if (!isWanted(runtime)) continue;
    const binary = binaryOf(folder, runtime);
    if (!binary) {
      missing(`${name} ${runtime.version}`, `${runtime.package}@${runtime.version} cannot be installed`);
      continue;
    }
    const options = { cwd: folder, encoding: "utf8", timeout: 120_000, env };
    try {
      const { stdout: version } = await run(binary, ["--version"], options);
      const number = /\d+\.\d+\.\d+/.exec(version)?.[0];
      const args = [...permissions, join(folder, "process.js"), ...(hasFolder ? [join(folder, `model-${i}`)] : [])];
      check(`${name} ${number}${rest}`, JSON.parse((await run(binary, args, options)).stdout));
    } catch (error) {
      fail(`${name} ${runtime.version}${rest}`, error.stderr || error.message);
    }
  }
}

const policy = (text) => ({ "content-security-policy": text });

async function runPages() {
  if (only.length > 0 && !["Chromium", "Firefox"].some((name) => only.includes(name))) return;
  try {
    installTools();
  } catch (error) {
    missing("Pages", `their tools cannot be installed: ${error.message}`);
    return;
  }
  const { browsers, ISOLATED, open } = await import("./browsers.mjs");
  const { bundles } = await import("./bundles.mjs");
  const made = await bundles(folder);
  for (const browser of browsers) {
    if (!isWanted(browser)) continue;
    if (!browser.path) {
      missing(browser.name, "it is not on this machine");
      continue;
    }
    const opened = await open(browser).catch((error) => fail(browser.name, error.message));
    if (!opened) continue;
    const { version, visit, close } = opened;
    const name = `${browser.name} ${/[\d.]+/.exec(version)?.[0]}`;
    const see = async (what, files, headers, expected) => {
      try {
        const { page, worker } = await visit(files, headers);
        check(`${name}, ${what}`, page, expected);
        check(`${name}, ${what}, worker`, worker, expected);
      } catch (error) {
        fail(`${name}, ${what}`, error.message);
      }
    };
    for (const [bundler, files] of Object.entries(made)) await see(bundler, files, ISOLATED);
    await see("not isolated", made["no bundler"], {}, { threads: 1 });
    const noWasm = policy("script-src 'self'");
    await see("WebAssembly forbidden", made["no bundler"], noWasm, { threads: 1, set: "js" });
    const noBlob = policy("script-src 'self' 'wasm-unsafe-eval'");
    await see("blob workers forbidden", made["no bundler"], { ...ISOLATED, ...noBlob }, { threads: 1 });
    await close();
  }
}

try {
  installPackage(folder);
  try {
    installRuntimes(folder);
  } catch (error) {
    console.error(error.message); // each is missed below
  }
  await runProcesses();
  await runPages();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
if (failures > 0) console.error(`${failures} failed`);
process.exitCode = failures > 0 ? 1 : 0;
