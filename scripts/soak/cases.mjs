// Mutated files and inputs: hands cases to workers, watches them, and keeps what fails.
import { fork } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeSamples } from "./samples.mjs";

const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));
/** After so many cases a worker makes room for the next. */
const EACH = 5000;
/** More of them tell nothing new. */
const MOST_FAILURES = 200;
/** What a case may compute at most; and how long it may take with all that it waits for, on a machine that is busy. */
const HANG_MS = 2000;
const WAIT_MS = 60_000;
/** A worker's heap, beside which there are its tensors. */
const HEAP_MB = 512;

/** Runs the cases `from` to `to`. Returns whether all passed. */
export async function soakCases({ from, to, only = "", folder, keep }) {
  mkdirSync(folder, { recursive: true });
  const samples = join(folder, "samples");
  await makeSamples(samples);
  const [began, counts, failures] = [performance.now(), {}, []];
  let peak = 0;
  for (let next = from; next < to && failures.length < MOST_FAILURES; ) {
    const end = Math.min(to, next + EACH);
    const result = await runWorker(folder, samples, next, end, only);
    for (const [name, count] of Object.entries(result.counts)) counts[name] = (counts[name] ?? 0) + count;
    peak = Math.max(peak, result.peak);
    failures.push(...result.failures);
    if (result.lost !== null) {
      // Slow by itself, or only in a busy moment of the machine? Alone it tells.
      const alone = await runWorker(folder, samples, result.lost, result.lost + 1, only);
      if (alone.lost !== null) {
        const made = await runWorker(folder, samples, result.lost, result.lost + 1, only, "make");
        failures.push({ ...made.failures[0], number: result.lost, fault: alone.how });
      } else failures.push(...alone.failures);
    }
    for (const failure of failures.filter(({ kept }) => !kept)) keepFailure(keep, failure);
    next = result.lost === null ? end : result.lost + 1;
    const seconds = (performance.now() - began) / 1000;
    process.stderr.write(
      `${next - from} cases, ${Math.round((next - from) / seconds)} a second, ${failures.length} failed\n`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${to - from} cases in ${seconds.toFixed(0)} s (${Math.round((to - from) / seconds)} a second), seeds ${from} to ${to - 1}`,
  );
  console.log(
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
  );
  console.log(`${failures.length} failed; resident memory at most ${Math.round(peak)} MB`);
  return failures.length === 0;
}

/** Runs some cases in a process of their own, to their end or to one that does not end: `lost`, and `how`. */
function runWorker(folder, samples, from, to, only, makesOnly = "") {
  const child = fork(worker, [folder, samples, from, to, only, makesOnly], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const result = { counts: {}, peak: 0, failures: [], lost: null, how: "" };
  let [isDone, isHung, err] = [false, false, ""];
  child.stderr.on("data", (text) => {
    err = (err + text).slice(-2000);
  });
  child.on("message", (message) => {
    if (message.counts) {
      isDone = true;
      Object.assign(result, message);
    } else result.failures.push(message);
  });
  let [last, since, computed] = ["", 0, 0];
  const watch = setInterval(() => {
    const now = nowIn(folder);
    const computedNow = computedBy(child.pid);
    if (now !== last) [last, since, computed] = [now, performance.now(), computedNow];
    // Before its first case a worker starts.
    else if (now !== "" && (computedNow - computed > HANG_MS || performance.now() - since > WAIT_MS)) {
      isHung = true;
      child.kill("SIGKILL");
    }
  }, 100);
  rmSync(join(folder, "now"), { force: true });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearInterval(watch);
      endServer(join(folder, "server.pid"));
      if (!isDone) {
        const told = result.failures.find(({ isLast }) => isLast);
        result.lost = Number(nowIn(folder) || from);
        result.how = isHung ? `took more than ${HANG_MS / 1000} s` : `ended its process: ${code ?? signal} ${err}`;
        if (told) result.failures.splice(result.failures.indexOf(told), 1); // it is told when it runs alone
        if (told) result.how = told.fault;
        if (to - from === 1 && told) Object.assign(result, { lost: null, failures: [told] });
      }
      resolve(result);
    });
  });
}

/** The server that a worker leaves behind which did not end by itself. */
function endServer(pidFile) {
  try {
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  } catch {
    // there is none
  }
  rmSync(pidFile, { force: true });
}

/** Milliseconds of processor time that a process has taken; where the system does not say, of the clock. */
function computedBy(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return 10 * (Number(fields[11]) + Number(fields[12])); // in hundredths of a second
  } catch {
    return performance.now();
  }
}

function nowIn(folder) {
  try {
    return readFileSync(join(folder, "now"), "utf8").trim();
  } catch {
    return "";
  }
}

function keepFailure(keep, failure) {
  failure.kept = true;
  const { number, target, fault, files } = failure;
  const place = join(keep, String(number));
  const again = `npm run soak -- --case ${number}`;
  for (const [name, content] of Object.entries({ ...files, "case.json": "" })) {
    const file = join(place, name.replaceAll("..", "up"));
    mkdirSync(dirname(file), { recursive: true });
    const report = `${JSON.stringify({ number, target, fault, again }, null, 2)}\n`;
    writeFileSync(file, name === "case.json" ? report : Buffer.from(content, "base64"));
  }
  console.log(`FAILED ${number} (${target}): ${fault.split("\n")[0]}\n  kept in ${place}; again: ${again}`);
}
