import { plain } from "./plain.js";

/**
 * Imports a program and runs it. The library starts its kernels while it is imported, and throws there when SEQGRAD_KERNELS
 * or SEQGRAD_THREADS asks for what is not to be had: a wrong call, which gets a message and no stack.
 */
export async function open(program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`seqgrad: ${plain(message)}\n`);
    process.exitCode = message.startsWith("SEQGRAD_") ? 2 : 1;
  }
}
