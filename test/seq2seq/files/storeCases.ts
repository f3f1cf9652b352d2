import type { Store } from "../../../src/seq2seq/files/store.js";

/** Opens one place, empty at first: each call gives a store of that same place. */
export type Open = () => Store;

/** What holds of every store. Plain functions that throw, so that they run in a page too. */
export const storeCases: Readonly<Record<string, (open: Open) => Promise<void>>> = {
  async "is empty at first, and reads nothing as null"(open) {
    same(await open().list(), []);
    same(await open().read("a"), null);
  },

  async "gives back text as UTF-8 and bytes as they are, also none and those of a part of a buffer"(open) {
    const part = Uint8Array.of(9, 0, 255, 9).subarray(1, 3);
    await open().write({ text: "l'été ?", part, empty: new Uint8Array(0), nothing: "" });
    const text = [...new TextEncoder().encode("l'été ?")];
    same(await contents(open()), { empty: [], nothing: [], part: [0, 255], text });
  },

  async "gives back many bytes, every one"(open) {
    const bytes = Uint8Array.from({ length: 3_000_001 }, (_, i) => (i * 31 + (i >> 8)) % 251);
    await open().write({ bytes, small: "s" });
    const read = await open().read("bytes");
    same(read?.length, bytes.length);
    same(
      read?.every((byte, i) => byte === bytes[i]),
      true,
    );
  },

  async "replaces, adds and removes in one write, and leaves the rest"(open) {
    const store = open();
    await store.write({ a: "1", b: "2", c: "3" });
    await store.write({ b: "4", d: "5" }, ["a", "absent"]);
    same(await texts(open()), { b: "4", c: "3", d: "5" });
    await store.write({ c: "6" });
    await store.write({}, ["b"]);
    await store.write({});
    same(await texts(open()), { c: "6", d: "5" });
    same(await store.list(), ["c", "d"]);
  },

  async "keeps what was written, whatever becomes of the arrays"(open) {
    const store = open();
    const given = Uint8Array.of(1, 2);
    await store.write({ a: given });
    given.fill(7);
    (await store.read("a"))!.fill(8);
    same(await contents(store), { a: [1, 2] });
  },

  async "takes names as they come, be they those of an object's own"(open) {
    const names = ["constructor", "__proto__", "été 名前", ".hidden", "a b"];
    await open().write(Object.fromEntries(names.map((name) => [name, name])));
    same(await open().list(), [...names].sort());
    for (const name of names) same(new TextDecoder().decode((await open().read(name))!), name);
  },

  async "refuses paths, its own names and other contents, and has then changed nothing"(open) {
    const store = open();
    await store.write({ a: "1" });
    for (const name of ["", ".", "..", "a/b", "../a", "a\\b", "a\0", "seqgrad.lock", "a.seqgrad.new"]) {
      await rejects(store.write({ a: "2", [name]: "x" }), /^store: expected a file's name/);
      await rejects(store.write({ a: "2" }, [name]), /^store: expected a file's name/);
      await rejects(store.read(name), /^store: expected a file's name/);
    }
    await rejects(store.write({ a: "2", b: 5 as unknown as string }), /^store: b: expected text or a Uint8Array/);
    await rejects(store.write({ a: "2", b: "3" }, ["b"]), /^store: expected b to be written or removed, got both/);
    same(await texts(open()), { a: "1" });
  },

  async "is written by one at a time: the second is told who, and may after the first"(open) {
    const first = open();
    const release = await first.lock();
    await rejects(open().lock(), /^lock: expected .* that nobody writes to, got /);
    await rejects(first.lock(), /^lock: expected .* that nobody writes to, got /);
    await first.write({ a: "1" });
    await first.write({ a: "2", b: "3" });
    same(await texts(open()), { a: "2", b: "3" });
    await release();
    const again = await open().lock();
    await release(); // for the second time: not the other's
    await rejects(open().lock(), /^lock: expected .* that nobody writes to, got /);
    await again();
    await open().write({ a: "4" });
    same(await texts(open()), { a: "4", b: "3" });
  },

  async "does writes that are asked for at once, each whole"(open) {
    const store = open();
    const release = await store.lock();
    await Promise.all(["1", "2", "3", "4"].map((text) => store.write({ a: text, b: text })));
    const { a, b } = await texts(store);
    same(a, b);
    await release();
  },
};

/** What holds of stores whose place more than one can open. */
export const sharedStoreCases: typeof storeCases = {
  async "refuses the write of another while it is taken, but not the reading"(open) {
    const release = await open().lock();
    await rejects(open().write({ a: "1" }), /^lock: expected .* that nobody writes to, got /);
    same(await open().list(), []);
    await release();
    await open().write({ a: "2" });
    same(await texts(open()), { a: "2" });
  },
};

/** Throws unless both have the same JSON. */
export function same(got: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

async function rejects(promise: Promise<unknown>, message: RegExp): Promise<void> {
  const failure = await promise.then(
    () => "no error at all",
    (error: Error) => error.message,
  );
  if (!message.test(failure)) throw new Error(`expected an error like ${message}, got: ${failure}`);
}

/** Every file's bytes as numbers, by name in order. */
async function contents(store: Store): Promise<Record<string, readonly number[]>> {
  const names = await store.list();
  const files = names.map(async (name) => [name, [...(await store.read(name))!]] as const);
  return Object.fromEntries(await Promise.all(files));
}

/** Every file as text. */
async function texts(store: Store): Promise<Record<string, string>> {
  const files = Object.entries(await contents(store));
  return Object.fromEntries(files.map(([name, bytes]) => [name, new TextDecoder().decode(Uint8Array.from(bytes))]));
}
