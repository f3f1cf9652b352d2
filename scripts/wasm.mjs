// Compiles the AssemblyScript kernels of src/tensor/kernels/simd into a module of base64 strings, unless that module is
// newer than all of them. The products are compiled twice, with and without fused multiply-add.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "src/tensor/kernels/simd");
const target = join(root, "src/tensor/kernels/wasm/bytes.ts");

const common = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "threads"];
const memory = [
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  "1",
  "--maximumMemory",
  "65536",
  "--memoryBase",
  "64",
];
const binaries = {
  products: ["products.ts"],
  productsFma: ["products.ts", "--enable", "relaxed-simd"],
  loops: ["loops.ts"],
  probe: ["probe.ts"],
  probeFma: ["probe.ts", "--enable", "relaxed-simd"],
};

/** Brings the module up to date. */
export async function compileKernels() {
  const inputs = [fileURLToPath(import.meta.url), ...readdirSync(sources).map((name) => join(sources, name))];
  const newest = Math.max(...inputs.map((path) => statSync(path).mtimeMs));
  if (existsSync(target) && statSync(target).mtimeMs > newest) return;

  const { default: asc } = await import("assemblyscript/asc");
  const folder = mkdtempSync(join(tmpdir(), "seqgrad-"));
  const lines = ["// Made by scripts/wasm.mjs from ../simd: WebAssembly binaries in base64."];
  for (const [name, [source, ...options]] of Object.entries(binaries)) {
    const output = join(folder, `${name}.wasm`);
    const args = [join(sources, source), ...common, ...memory, ...options, "--disableWarning", "-o", output];
    const { error, stderr } = await asc.main(args);
    if (error) throw new Error(`wasm: ${source} does not compile\n${stderr}`, { cause: error });
    lines.push(`export const ${name}: string = "${readFileSync(output).toString("base64")}";`);
  }
  // Renamed into place, so that nobody reads half a module.
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, `${lines.join("\n")}\n`);
  renameSync(draft, target);
  rmSync(folder, { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await compileKernels();
