import { checksum as plainChecksum } from "../../checksum.js";
import type { FloatArray } from "../../storage.js";
import type { WasmMemory } from "../../wasmMemory.js";
import { attentionKernels } from "./attention.js";
import { Call, isDouble } from "./call.js";
import { elementwiseKernels } from "./elementwise.js";
import { gateKernels } from "./gates.js";
import { binariesOf, type NativeSet } from "./instance.js";
import { layerNormKernels } from "./layerNorm.js";
import { optimKernels } from "./optim.js";
import { productKernels } from "./products.js";
import { reduceKernels } from "./reduce.js";
import { softmaxKernels } from "./softmax.js";
import { Threads } from "./threads.js";
import { topIndicesKernels } from "./topIndices.js";

export { isSupported, type NativeSet } from "./instance.js";
export { getNumThreads, setNumThreads } from "./threads.js";

/**
 * Every kernel that has a WebAssembly version, and the threads they run on; float64 arrays go to the plain loop of the
 * same name.
 * @internal
 */
export function nativeKernels(set: NativeSet, memory: WasmMemory) {
  const binaries = binariesOf(set, memory);
  const call = new Call(memory);
  const threads = new Threads(memory, binaries);
  return {
    threads,
    /** As ../../checksum.ts, the same number. */
    checksum(array: FloatArray): number {
      if (isDouble(array)) return plainChecksum(array);
      const sum = binaries().native.checksum(call.input(array), array.length, call.workspace(16));
      call.end();
      return sum;
    },
    ...productKernels(call, threads),
    ...attentionKernels(call, threads),
    ...elementwiseKernels(call, threads),
    ...gateKernels(call, threads),
    ...softmaxKernels(call, threads),
    ...topIndicesKernels(call, threads),
    ...layerNormKernels(call, threads),
    ...reduceKernels(binaries, call, threads),
    ...optimKernels(call, threads),
  };
}
