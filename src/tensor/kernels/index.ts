/**
 * Every numeric loop of the engine, behind one object. The plain loops are always there; where the runtime has
 * WebAssembly SIMD, a set with the same names and signatures takes the place of most of them.
 */

import { checksum } from "../checksum.js";
import { type FloatArray, useWasmMemory } from "../storage.js";
import { WasmMemory } from "../wasmMemory.js";
import { js, type Kernels } from "./js/index.js";
import { getNumThreads, isSupported, nativeKernels, setNumThreads } from "./wasm/index.js";
import type { Threads } from "./wasm/threads.js";

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
/** The threads of the set in use; null of the plain one. */
let threads: Threads | null = null;
interface Made {
  readonly set: Kernels;
  readonly threads: Threads | null;
  readonly checksum: (array: FloatArray) => number;
}
const made = new Map<KernelSet, Made>([["js", { set: js, threads: null, checksum }]]);
/** What start-up could not have. */
const shortcomings: string[] = [];

/**
 * Changes the kernel set. What was packed by one set cannot be multiplied by another; all other arrays serve every set.
 * Throws `Error` when the runtime lacks the set.
 */
export function useKernels(name: KernelSet): void {
  if (!kernelSets.includes(name)) {
    throw new Error(`useKernels: expected a set this runtime has (${kernelSets.join(", ")}), got ${name}`);
  }
  if (name !== "js") memory ??= new WasmMemory();
  let own = made.get(name);
  if (!own) {
    const { threads, checksum, ...native } = nativeKernels(name as "simd" | "fma", memory as WasmMemory);
    own = { set: { ...js, ...native }, threads, checksum };
    made.set(name, own);
  }
  kernels = own.set;
  threads = own.threads;
  kernelSet = name;
  useWasmMemory(name === "js" ? null : memory, { zero: kernels.zero, checksum: own.checksum });
}

/** What computes, and why it is not faster. */
export interface RuntimeInfo {
  /** The kernel set in use. A run's bits are promised for one set. */
  readonly kernelSet: KernelSet;
  /** How many threads a large kernel may run on: {@link getNumThreads}. */
  readonly numThreads: number;
  /** How many of them run by now, the calling one included. */
  readonly runningThreads: number;
  /** Sentences that say what this runtime does not give, and why; none where it gives everything. */
  readonly notes: readonly string[];
}

/**
 * Says which kernels run, on how many threads, and why not better ones or more, as `torch.__config__` does.
 *
 * @example
 * console.log(runtimeInfo()); // { kernelSet: "fma", numThreads: 1, runningThreads: 1, notes: [] }
 */
export function runtimeInfo(): RuntimeInfo {
  const numThreads = getNumThreads();
  const runningThreads = threads?.running ?? 1;
  const missing = threads ? threads.shortage : numThreads > 1 && "the kernel set js has no more";
  const notes = missing
    ? [...shortcomings, `Threads: ${runningThreads} ${runningThreads === 1 ? "runs" : "run"}: ${missing}.`]
    : [...shortcomings];
  return { kernelSet, numThreads, runningThreads, notes };
}

/**
 * As {@link setNumThreads}, but resolves only once the threads run, or it is known why they do not: then `notes` says so,
 * and kernels go on with one. In a page, which must be cross-origin isolated, threads begin in no other way than by
 * awaiting. Rejects with `RangeError` unless 1 ≤ n ≤ 64.
 *
 * @example
 * const { runningThreads, notes } = await startThreads(2);
 */
export async function startThreads(n: number): Promise<RuntimeInfo> {
  setNumThreads(n);
  await threads?.start();
  return runtimeInfo();
}

/** Bytes of WebAssembly memory in use, and taken from the system; zeros before any SIMD kernel was asked for. */
export function memoryUsage(): { readonly used: number; readonly size: number } {
  return memory?.usage ?? { used: 0, size: 0 };
}

/** What an environment variable says; undefined when it says nothing, and where there is no environment to read. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  try {
    return process?.env?.[name] || undefined;
  } catch {
    shortcomings.push(`${name} is not read: this program may not see its environment.`); // Deno without --allow-env
    return undefined;
  }
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
  if (threads !== undefined) {
    try {
      setNumThreads(Number(threads));
    } catch {
      throw new RangeError(`SEQGRAD_THREADS: expected 1 to 64, got ${threads}`);
    }
  }
  const name = wanted();
  if (name) {
    useKernels(name);
    if (name !== kernelSets[0]) shortcomings.push(`Kernel set ${name}: SEQGRAD_KERNELS asks for it.`);
    return;
  }
  try {
    useKernels(kernelSets[0]);
    if (kernelSet === "js") shortcomings.push("Kernel set js: there is no WebAssembly SIMD here.");
    if (kernelSet === "simd") shortcomings.push("Kernel set simd: there is no fused multiply-add in WebAssembly here.");
  } catch (error) {
    // A runtime may know the instructions and still have no memory to give, or a page's policy may forbid them.
    memory = null;
    useKernels("js");
    shortcomings.push(`Kernel set js: ${explain(error as Error)}.`);
  }
  if (memory && !memory.isShared) {
    shortcomings.push(`Memory: ${memory.usage.size / 2 ** 20} MiB that cannot grow, as it is not shared.`);
  }
}

/** Why there are no WebAssembly kernels. Every browser has its own words for what a policy forbids. */
function explain({ name, message }: Error): string {
  return name === "CompileError" && /security policy|csp|unsafe-eval/i.test(message)
    ? "the content-security policy forbids WebAssembly: expected script-src to have 'wasm-unsafe-eval'"
    : message.replace(/\.$/, "");
}

start();
