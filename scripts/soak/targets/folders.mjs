// Folders that a writer left in disorder, and names that lead out of them.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seq2seq } from "../../../dist/index.js";
import { anyText, jsonText, mutateJson, mutateTextFile, NAMES } from "../mutate.mjs";
import { Violation } from "./files.mjs";

const encode = (text) => new TextEncoder().encode(text);
const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

/** A folder with a journal and a lock that say something else than any writer would. Readers and the next writer see it. */
export const journal = {
  name: "journal and lock",
  weight: 3,
  make(random) {
    const log = { id: ID, write: ["config.json", "a.txt"], remove: ["old.txt"] };
    const lock = { id: ID, pid: 999_999_999, host: "elsewhere", began: "1", since: "2026-01-01T00:00:00.000Z" };
    const text = (value) => encode(jsonText(random, mutateJson(random, value)));
    const files = { "config.json": "{}", "old.txt": "old", "a.txt.seqgrad.new": "new" };
    if (random.integer(4))
      files["seqgrad.journal"] = random.integer(6) ? text(log) : mutateTextFile(random, encode(JSON.stringify(log)));
    if (random.integer(3) === 0)
      files["seqgrad.lock"] = random.integer(6) ? text(lock) : mutateTextFile(random, encode(JSON.stringify(lock)));
    return { ...files, "../beside.txt": "beside" };
  },
  onDisk: true,
  async run(_, folder) {
    const store = new seq2seq.FolderStore(folder);
    const faults = [];
    for (const step of [
      () => store.list(),
      () => store.read("config.json"),
      () => store.write({ "b.txt": "b", "c.txt": "c" }),
    ]) {
      await step().catch((error) => faults.push(error));
    }
    const beside = readdirSync(join(folder, ".."));
    if (!beside.includes("beside.txt") || beside.length !== 2) throw new Violation(`beside the folder: ${beside}`);
    if (faults.length > 0) throw faults[random(faults)];
  },
};
/** Each of the faults has to be clean; the last is the writer's. */
const random = (faults) => faults.length - 1;

/** Files by names that no store keeps, and folders of odd names. */
export const storeNames = {
  name: "names",
  weight: 2,
  onDisk: true,
  make: (random) => ({
    name: encode(NAMES[random.integer(NAMES.length)]),
    other: encode(anyText(random)),
    content: encode("x"),
  }),
  async run(files, folder) {
    const [name, other] = [files.name, files.other].map((bytes) => new TextDecoder().decode(bytes));
    const inner = join(folder, "inner");
    mkdirSync(inner);
    writeFileSync(join(folder, "model.safetensors"), "kept");
    for (const store of [new seq2seq.FolderStore(inner), new seq2seq.MemoryStore()]) {
      const content = { ...Object.fromEntries([[name, "1"]]), ...Object.fromEntries([[other, "2"]]) };
      const refused = await store.write(content).catch((error) => error);
      const kept = await store.list();
      if (refused instanceof Error ? kept.length > 0 : kept.length === 0) throw new Violation(`kept ${kept}`);
      if (refused instanceof Error && !(refused instanceof TypeError) && !/write: /.test(refused.message))
        throw refused;
    }
    const around = readdirSync(folder).filter((each) => !["name", "other", "content"].includes(each));
    if (around.sort().join() !== "inner,model.safetensors") throw new Violation(`beside the store: ${around}`);
  },
};
