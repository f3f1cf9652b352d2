import type { WasmMemory } from "../../wasmMemory.js";
import { loops, probe, probeFma, products, productsFma } from "./bytes.js";
import type { Native } from "./call.js";

/** The sets that need WebAssembly. They differ in one thing: whether products round after multiplying. */
export type NativeSet = "simd" | "fma";

const PRODUCTS = { simd: products, fma: productsFma };
const PROBES = { simd: probe, fma: probeFma };

/** Whether this runtime has the instructions that a set is made of, and they round as the set promises. */
export function isSupported(set: NativeSet): boolean {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(decode(PROBES[set]))) return false;
  return set !== "fma" || fuses();
}

/** `(a, b, c) => a · b + c` by `f32x4.relaxed_madd`, in bytes. */
const MADD = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 125, 125, 125, 1, 125, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 22, 1],
  ...[20, 0, 32, 0, 253, 19, 32, 1, 253, 19, 32, 2, 253, 19, 253, 133, 2, 253, 31, 0, 11],
];

/**
 * Whether `relaxed_madd` rounds once. The specification lets it round after multiplying, too, which Bun does, and V8 on a
 * machine without the instruction: that would be the bits of `simd` under the name of `fma`.
 */
function fuses(): boolean {
  const x = 1 + 2 ** -12; // x² is 1 + 2⁻¹¹ + 2⁻²⁴, of which a float32 cannot hold the last
  try {
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(MADD))).exports;
    return (f as Native)(x, x, -(1 + 2 ** -11)) === 2 ** -24;
  } catch {
    return false; // a page's policy forbids it, as it will the rest
  }
}

/**
 * What a set's binaries come to.
 * @internal
 */
export interface Compiled {
  /** For other threads to instantiate. */
  readonly modules: readonly WebAssembly.Module[];
  /** The functions of both, by name. */
  readonly native: Record<string, Native>;
  readonly names: readonly string[];
}

/**
 * The binaries of a set, computing in `memory`. They are compiled when somebody first asks for them: that takes a good part
 * of the time of an import. Throws at once where a page's policy forbids it.
 * @internal
 */
export function binariesOf(set: NativeSet, memory: WasmMemory): () => Compiled {
  new WebAssembly.Module(decode(PROBES[set]));
  let compiled: Compiled | null = null;
  return () => {
    compiled ??= compile(set, memory);
    return compiled;
  };
}

function compile(set: NativeSet, memory: WasmMemory): Compiled {
  const imports = { env: { memory: memory.memory }, softmax: { log: Math.log } };
  const modules = [PRODUCTS[set], loops].map((text) => {
    const bytes = decode(text);
    if (!memory.isShared) declareUnshared(bytes);
    return new WebAssembly.Module(bytes);
  });
  const [first, second] = modules.map((module) => new WebAssembly.Instance(module, imports).exports);
  const native = { ...first, ...second } as Record<string, Native>;
  return { modules, native, names: Object.keys(native) };
}

/** Node's own decoder where there is one: byte by byte, every import would take milliseconds longer. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis;
  if (Buffer) return new Uint8Array(Buffer.from(base64, "base64"));
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * The binaries say that the memory they import is shared, and one that is not would be refused. Nothing else in them
 * depends on it, so the flag alone is changed: the byte after `"memory"` and the code 2 of a memory import.
 */
function declareUnshared(bytes: Uint8Array): void {
  const name = Array.from("\x06memory\x02\x03", (character) => character.charCodeAt(0));
  const at = bytes.findIndex((_, i) => name.every((code, j) => bytes[i + j] === code));
  bytes[at + name.length - 1] = 1;
}
