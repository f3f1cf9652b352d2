import { compileKernels } from "../scripts/wasm.mjs";

/** The SIMD kernels must be compiled before a test can import the package. */
export async function setup(): Promise<void> {
  await compileKernels();
}
