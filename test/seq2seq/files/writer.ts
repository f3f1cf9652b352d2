/** A program that writes into folders, for processes that end at a bad moment or come at the same one. */
import { writeSync } from "node:fs";
import { FolderStore } from "../../../src/seq2seq/files/folderStore.js";
import { stateOf } from "./states.js";

/** Writes one state after another, and says so, until it is killed. */
async function write(store: FolderStore): Promise<void> {
  await store.lock();
  const config = await store.read("config.json");
  for (let n = config ? Number(new TextDecoder().decode(config)) + 1 : 0; ; n++) {
    await store.write(stateOf(n), n % 3 === 0 ? ["checkpoint.safetensors"] : []);
    say(`${n}`);
  }
}

/** Comes to each folder at its moment, says which ones it has got, and keeps them until its standard input ends. */
async function race(folders: readonly string[], start: number): Promise<void> {
  for (const [round, folder] of folders.entries()) {
    while (Date.now() < start + round * 5); // awake, so that all come at the same moment
    await new FolderStore(folder).lock().then(
      () => say(`${round}`),
      () => {},
    );
  }
  say("done");
  process.stdin.resume();
}

function say(line: string): void {
  writeSync(1, `${line}\n`); // now: what a stream holds back would be lost with the process
}

process.setMaxListeners(100); // a race takes many folders, and each is given back at the end
const [, , what, ...args] = process.argv;
if (what === "write") void write(new FolderStore(args[0]));
else if (what === "race") void race(args.slice(1), Number(args[0]));
else if (what === "exit") void new FolderStore(args[0]).lock().then(() => process.exit(0));
