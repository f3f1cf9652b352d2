// What do two threads give a page? node bench/pages.mjs [TURNS]
//
// In a page that is cross-origin isolated, on its main thread and in a module worker, in every browser of this machine.
// The package is the one in dist/. The browsers are opened by what test/runtimes/ needs, too: it is fetched when missing.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { installTools } from "../test/runtimes/install.mjs";
import { load } from "./peers/machine.mjs";

const turns = Number(process.argv[2] ?? 15);
const BATCHES = [32, 64];
const contents = `
  import { measure } from "./pageSteps.js";
  const all = async () => {
    const results = [];
    for (const batchSize of ${JSON.stringify(BATCHES)}) results.push(await measure(batchSize, ${turns}));
    return results;
  };
  const isPage = typeof document === "object";
  const tell = (what) => (isPage ? (globalThis.reports = what) : postMessage(what));
  if (isPage && location.hash === "#worker") {
    const worker = new Worker("/page.js", { type: "module" });
    worker.onmessage = ({ data }) => tell(data);
    worker.onerror = ({ message }) => tell({ error: message });
  } else all().then(tell, (error) => tell({ error: String(error.stack) }));`;
const { outputFiles } = await build({
  stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
  ...{ bundle: true, format: "esm", target: "es2022", write: false },
});
const files = {
  "/": `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`,
  "/page.js": outputFiles[0].text,
};

installTools();
const { browsers, ISOLATED, open } = await import("../test/runtimes/browsers.mjs");
for (const browser of browsers.filter(({ path }) => path)) {
  const { version, visit, close } = await open(browser);
  for (const hash of ["", "#worker"]) {
    const reports = await visit(files, ISOLATED, hash);
    if (reports.error) throw new Error(reports.error);
    for (const { batchSize, kernelSet, runningThreads, notes, loss, one, two, ratio } of reports) {
      const where = `${browser.name} ${/\d+/.exec(version)}, ${hash ? "worker" : "page"}, batch ${batchSize}`;
      const figures = `${one.toFixed(1)} ms → ${two.toFixed(1)} ms, ${ratio.toFixed(2)}×`;
      const rest = `${kernelSet}, ${runningThreads} threads, loss ${loss.toFixed(4)}, load ${load()}`;
      console.log(`${where.padEnd(34)} ${figures}  (${[rest, ...notes].join(" ")})`);
    }
  }
  await close();
}
