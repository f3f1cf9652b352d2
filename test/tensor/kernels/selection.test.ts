import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kernelSet, kernelSets, useKernels } from "../../../src/tensor/kernels/index.js";

const folder = mkdtempSync(join(tmpdir(), "seqgrad-"));
const bundle = join(folder, "kernels.mjs");
/** What Node 20 needs for relaxed SIMD; passed on when these tests were started with it. */
const relaxed = "--experimental-wasm-relaxed-simd";
const own = kernelSets.includes("fma") && Number.parseInt(process.versions.node, 10) < 21 ? [relaxed] : [];

beforeAll(async () => {
  const entry = fileURLToPath(new URL("../../../src/tensor/kernels/index.ts", import.meta.url));
  await build({ entryPoints: [entry], outfile: bundle, bundle: true, format: "esm", platform: "browser" });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a fresh process says of itself. */
function ask(set: string, flags: string[] = [], before = ""): string {
  const code = `${before}; const { kernelSet, kernelSets } = await import(${JSON.stringify(bundle)});
    console.log(kernelSet, kernelSets.join());`;
  const options = { env: { ...process.env, SEQGRAD_KERNELS: set }, encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync(process.execPath, [...own, ...flags, "--input-type=module", "-e", code], options).trim();
}

describe("the kernel set", () => {
  it("is the best that the runtime has", () => {
    expect(ask("")).toBe(`${kernelSets[0]} ${kernelSets.join()}`);
  });

  it("is the one that SEQGRAD_KERNELS names", () => {
    for (const set of kernelSets) expect(ask(set)).toBe(`${set} ${kernelSets.join()}`);
  });

  it("is fma where relaxed SIMD is", () => {
    expect(ask("", kernelSets.includes("fma") ? [] : [relaxed])).toBe("fma fma,simd,js");
  });

  it("is js without WebAssembly, and without memory to give it", () => {
    expect(ask("", [], "delete globalThis.WebAssembly")).toBe("js js");
    expect(ask("", [], "WebAssembly.Memory = class { constructor() { throw new RangeError('none'); } }")).toMatch(
      /^js /,
    );
  });

  it("computes in unshared memory where a page is not isolated", () => {
    const run = `delete globalThis.SharedArrayBuffer; const { kernels, memoryUsage } = await import(${JSON.stringify(bundle)});
      const c = new Float32Array(4); kernels.matmul(c, Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8), 2, 2, 2);
      console.log([...c].join(), memoryUsage().size >= 2 ** 26)`;
    expect(ask("simd", [], run)).toContain("19,22,43,50 true");
  });

  it("cannot be one that does not exist, or that the runtime lacks", () => {
    expect(() => ask("fast")).toThrow(/SEQGRAD_KERNELS: expected js, simd or fma, got fast/);
    expect(() => ask("simd", [], "delete globalThis.WebAssembly")).toThrow(/a set this runtime has \(js\), got simd/);
    expect(() => useKernels("fast" as "js")).toThrow(/got fast/);
    expect(kernelSets).toContain(kernelSet);
  });
});
