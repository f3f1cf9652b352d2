import { seq2seq } from "seqgrad";
import { program } from "./program.js";

/** The program's report, or what went wrong. */
export async function visit(name) {
  try {
    return await program(new seq2seq.IndexedDbStore(name));
  } catch (error) {
    return { error: String(error.stack || error) };
  }
}
