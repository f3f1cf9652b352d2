// For Node.js, Bun and Deno: the program in a folder, or, without one, in memory. Prints its report.
import { seq2seq } from "seqgrad";
import { program } from "./program.js";

const folder = process.argv[2];
const report = await program(folder ? new seq2seq.FolderStore(folder) : new seq2seq.MemoryStore());
if (folder) {
  const again = seq2seq.Translator.load(folder).translate(["4 0 7"])[0];
  if (again !== report.translations[0]) throw new Error(`from the folder: ${again}`);
}
console.log(JSON.stringify(report));
