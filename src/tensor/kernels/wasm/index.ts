import type { LinearMemory } from "../../linear.js";
import { Call } from "./call.js";
import { elementwiseKernels } from "./elementwise.js";
import { gateKernels } from "./gates.js";
import { instantiate, type NativeSet } from "./instance.js";
import { optimKernels } from "./optim.js";
import { productKernels } from "./products.js";
import { reduceKernels } from "./reduce.js";
import { softmaxKernels } from "./softmax.js";

export { isSupported, type NativeSet } from "./instance.js";

/** Every kernel that has a WebAssembly version; float64 arrays go to the plain loop of the same name. */
export function nativeKernels(set: NativeSet, memory: LinearMemory) {
  const native = instantiate(set, memory);
  const call = new Call(memory);
  return {
    ...productKernels(native, call),
    ...elementwiseKernels(native, call),
    ...gateKernels(native, call),
    ...softmaxKernels(native, call),
    ...reduceKernels(native, call),
    ...optimKernels(native, call),
  };
}
