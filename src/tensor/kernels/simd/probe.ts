// AssemblyScript. The least that needs what the kernels need of a runtime. Asking it whether whole binaries are valid takes
// milliseconds of an import where the machine is busy, as V8 shares that work among threads.
import { get, madd } from "./vector";

export function probe(p: usize): void {
  v128.store(p, madd(get(p), get(p), get(p)));
}
