// For pages: the program on the main thread, then in a module worker. Leaves both reports in `globalThis.reports`.
import { visit } from "./visit.js";

const own = await visit("page");
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => {
  globalThis.reports = { page: own, worker: data };
};
worker.onerror = ({ message }) => {
  globalThis.reports = { page: own, worker: { error: message || "the worker did not begin" } };
};
