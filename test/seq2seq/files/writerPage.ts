/** A page that tells what it finds, then writes one state after another and tells each, until its browser is killed. */
import { IndexedDbStore } from "../../../src/seq2seq/files/indexedDbStore.js";
import { stateOf } from "./states.js";

const tell = (what: object): Promise<unknown> => fetch("/", { method: "POST", body: JSON.stringify(what) });

const store = new IndexedDbStore("model");
await store.lock();
const found: Record<string, string> = {};
for (const name of await store.list()) found[name] = new TextDecoder().decode((await store.read(name))!);
await tell({ found });
for (let n = Number(found["config.json"] ?? -1) + 1; ; n++) {
  await store.write(stateOf(n), n % 3 === 0 ? ["checkpoint.safetensors"] : []);
  await tell({ wrote: n });
}
