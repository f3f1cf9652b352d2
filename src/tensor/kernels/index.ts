/**
 * Every numeric loop of the engine, behind one object. The plain loops are always there; where the runtime has
 * WebAssembly SIMD, a set with the same names and signatures takes the place of most of them.
 */

import { useWasmMemory } from "../storage.js";
import { WasmMemory } from "../wasmMemory.js";
import { js, type Kernels } from "./js/index.js";
import { isSupported, nativeKernels, setNumThreads } from "./wasm/index.js";

export type { View } from "./js/attention.js";
export { js, type Kernels } from "./js/index.js";
export type { Packed } from "./js/matmul.js";
export type { Walk } from "./js/strided.js";
export { getNumThreads, setNumThreads } from "./wasm/index.js";

/** Plain TypeScript; WebAssembly SIMD; and the same with products that round once, not after multiplying too. */
export type KernelSet = "js" | "simd" | "fma";

/** The kernel set in use. */
export let kernels: Kernels = js;

/** The name of the kernel set in use. A run's bits are promised for one set, so logs and checkpoints name it. */
export let kernelSet: KernelSet = "js";

/** The sets this runtime has, best first. */
export const kernelSets: readonly KernelSet[] = [...(["fma", "simd"] as const).filter(isSupported), "js"];

let memory: WasmMemory | null = null;
const made = new Map<KernelSet, Kernels>([["js", js]]);

/**
 * Changes the kernel set. What was packed by one set cannot be multiplied by another; all other arrays serve every set.
 * Throws `Error` when the runtime lacks the set.
 */
export function useKernels(name: KernelSet): void {
  if (!kernelSets.includes(name)) {
    throw new Error(`useKernels: expected a set this runtime has (${kernelSets.join(", ")}), got ${name}`);
  }
  let set = made.get(name);
  if (name !== "js") memory ??= new WasmMemory();
  if (!set) {
    const { threads, ...native } = nativeKernels(name as "simd" | "fma", memory as WasmMemory);
    set = { ...js, ...native };
    made.set(name, set);
  }
  kernels = set;
  kernelSet = name;
  useWasmMemory(name === "js" ? null : memory, set.zero);
}

/** Bytes of WebAssembly memory in use, and taken from the system; zeros before any SIMD kernel was asked for. */
export function memoryUsage(): { readonly used: number; readonly size: number } {
  return memory?.usage ?? { used: 0, size: 0 };
}

/** What an environment variable says; undefined when it says nothing, and where there is no environment. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name] || undefined;
}

/** The set that SEQGRAD_KERNELS asks for; undefined when it asks for none. */
function wanted(): KernelSet | undefined {
  const name = environment("SEQGRAD_KERNELS");
  if (name === undefined) return undefined;
  if (name !== "js" && name !== "simd" && name !== "fma") {
    throw new Error(`SEQGRAD_KERNELS: expected js, simd or fma, got ${name}`);
  }
  if (!kernelSets.includes(name)) {
    throw new Error(`SEQGRAD_KERNELS: expected a set this runtime has (${kernelSets.join(", ")}), got ${name}`);
  }
  return name;
}

function start(): void {
  const threads = environment("SEQGRAD_THREADS");
  if (threads !== undefined) setNumThreads(Number(threads));
  const name = wanted();
  try {
    useKernels(name ?? kernelSets[0]);
  } catch (error) {
    // A runtime may know the instructions and still have no memory to give.
    if (name) throw error;
    useKernels("js");
  }
}

start();
