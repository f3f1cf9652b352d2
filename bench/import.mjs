// What does the package cost before it does anything? node bench/import.mjs [PROCESSES]
//
// The time that importing it adds to an empty Node process (median over many processes of both kinds, by turns), and the
// size of an engine bundle: tensor, autograd, nn and optim with their kernels, minified, gzip.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { dist, loadSeqgrad } from "./peers/library.mjs";
import { quiet } from "./peers/machine.mjs";
import { median } from "./peers/merge.mjs";

const processes = Number(process.argv[2] ?? 41);
const { kernelSet } = await loadSeqgrad();
const index = pathToFileURL(join(dist, "index.js")).href;

function milliseconds(code) {
  const start = performance.now();
  execFileSync(process.execPath, ["--input-type=module", "--eval", code]);
  return performance.now() - start;
}

const busy = await quiet(60);
const bare = [];
const added = [];
for (let i = 0; i < processes; i++) {
  bare.push(milliseconds(""));
  // Neighbours met the same machine, so that their difference is steadier than either.
  added.push(milliseconds(`import ${JSON.stringify(index)};`) - bare.at(-1));
}
const ms = (samples) => `${median(samples).toFixed(1)} ms`;
console.log(
  `kernels ${kernelSet}, Node ${process.versions.node}, ${(100 * busy).toFixed(0)} % of the machine busy before`,
);
console.log(`import: ${ms(added)} beyond a bare process of ${ms(bare)} (median of ${processes}; bound 15 ms)`);

const rooms = ["tensor", "autograd", "nn", "optim"];
const entry = rooms
  .map((room) => `export * as ${room} from ${JSON.stringify(join(dist, room, "index.js"))};`)
  .join("\n");
const { outputFiles } = await build({
  stdin: { contents: entry, resolveDir: dist },
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  write: false,
});
const [{ contents }] = outputFiles;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const zipped = (text) => gzipSync(text, { level: 9 }).length;
const text = Buffer.from(contents).toString();
const withoutBinaries = text.replaceAll(/"AGFzb[^"]*"/g, '""'); // what every WebAssembly binary begins with, in base64
console.log(
  `engine bundle: ${kb(zipped(text))} gzip, ${kb(text.length)} minified (bound 40 KB); ` +
    `without its WebAssembly ${kb(zipped(withoutBinaries))} and ${kb(withoutBinaries.length)}`,
);
