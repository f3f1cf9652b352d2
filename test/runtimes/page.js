// For pages: the program on the main thread, then in a module worker. Leaves both reports in `globalThis.reports`.
import { visit } from "./visit.js";

/**
 * Firefox, when the machine is busy, now and then never returns from `new Worker` in a worker, whatever that worker is to
 * run (nothing of this package is needed to see it). One that stands still there is given up for another.
 */
const TRIES = 5;
const PATIENCE_MS = 15_000;

/** The report of a new worker; null of one that does not get past starting threads. */
function askWorker() {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    let timer = 0;
    const answer = (report) => {
      worker.terminate();
      resolve(report);
    };
    worker.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data === "starting") timer = setTimeout(answer, PATIENCE_MS, null);
      else if (data !== "started") answer(data);
    };
    worker.onerror = ({ message }) => answer({ error: message || "the worker did not begin" });
  });
}

const page = await visit("page");
let worker = null;
for (let i = 0; i < TRIES && !worker; i++) worker = await askWorker();
globalThis.reports = { page, worker: worker ?? { error: "no worker got past starting its threads" } };
