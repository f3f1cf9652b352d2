// Bytes, texts and JSON made into others. All is drawn from a seeded generator of the library.

const pick = (random, list) => list[random.integer(list.length)];

/** Numbers at the edges of what formats and arrays hold. */
const NUMBERS = [0, 1, 2, 7, 127, 128, 255, 256, 32767, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32];
const DOUBLES = [...NUMBERS, -1, -0.5, 0.1, 1e9, 2 ** 53, 2 ** 53 + 2, 1e300, -1e300, 5e-324];

/** Names that objects have of themselves, paths, and names that stores keep for themselves. */
export const NAMES = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "length", "then", "toJSON"],
  ...["..", ".", "../x", "../../x", "/x", "C:\\x", "a/b", "a\\b", "a\0b", "seqgrad.lock", "seqgrad.journal"],
  ...["model.safetensors", "x.seqgrad.new", "__metadata__", "", " ", "\n", "é", "👩‍👩‍👧", "\ud800"],
];

const TEXTS = [
  ...["", " ", "\t", "\n", "\r\n", "\r", "\0", "\ufeff", "\u2028", "\u00a0", "\u200b", "\u202e", "￭", "@@", "@@ ", "▁"],
  ...[
    "<pad>",
    "<unk>",
    "<eos>",
    "e\u0301",
    "👩‍👩‍👧",
    "\ud800",
    "\udfff",
    "\u001b[2J",
    "ﬃ",
    "İ",
    "ß",
    "١٢",
    "../",
    "%s",
    "${",
  ],
  ...["a".repeat(5000), "￭".repeat(300), "\u0301".repeat(300), "- ".repeat(1000), "1e999", "NaN", "-0", "Infinity"],
];

/** One to four changes of some bytes. */
export function mutateBytes(random, bytes) {
  let made = Uint8Array.from(bytes);
  for (let n = 1 + random.integer(4); n > 0; n--) made = pick(random, BYTE_CHANGES)(random, made);
  return made;
}

const at = (random, { length }) => (length === 0 ? 0 : random.integer(length));
/** A place, more often near the beginning, where headers are. */
const place = (random, bytes) =>
  random.integer(2) ? at(random, bytes) : Math.min(at(random, bytes), at(random, { length: 64 }));

const BYTE_CHANGES = [
  (random, bytes) => set(bytes, place(random, bytes), (byte) => byte ^ (1 << random.integer(8))),
  (random, bytes) =>
    set(bytes, place(random, bytes), () => pick(random, [0, 1, 0x0a, 0x20, 0x22, 0x7f, 0x80, 0xc0, 0xff])),
  (random, bytes) => bytes.slice(0, at(random, bytes)),
  (random, bytes) =>
    joined(
      bytes,
      Uint8Array.from({ length: 1 + random.integer(40) }, () => random.integer(256)),
    ),
  (random, bytes) => {
    const [from, count] = [place(random, bytes), 1 + random.integer(64)];
    return joined(bytes.subarray(0, from), bytes.subarray(from + count));
  },
  (random, bytes) => {
    const [from, count] = [place(random, bytes), 1 + random.integer(200)];
    return joined(bytes.subarray(0, from + count), bytes.subarray(from));
  },
  (random, bytes) => {
    const size = pick(random, [2, 4, 8]);
    if (bytes.length < size) return bytes;
    const [made, where] = [bytes.slice(), Math.min(place(random, bytes), bytes.length - size)];
    const view = new DataView(made.buffer);
    const value = pick(random, NUMBERS) - random.integer(2);
    if (size === 2) view.setUint16(where, value, true);
    else if (size === 4) view.setUint32(where, value, true);
    else view.setBigInt64(where, BigInt(value), true);
    return made;
  },
];

function set(bytes, index, change) {
  const made = bytes.slice();
  if (made.length > 0) made[index] = change(made[index]);
  return made;
}

function joined(...parts) {
  return Uint8Array.from(Buffer.concat(parts));
}

/** One to four changes of a text. */
export function mutateText(random, text) {
  let made = text;
  for (let n = 1 + random.integer(4); n > 0; n--) {
    const [from, count] = [random.integer(made.length + 1), random.integer(1 + random.integer(40))];
    const insert = random.integer(3) === 0 ? made.slice(random.integer(made.length + 1)).slice(0, 60) : anyText(random);
    made = made.slice(0, from) + (random.integer(4) ? insert : "") + made.slice(from + count);
  }
  return made.slice(0, 100_000);
}

export function anyText(random) {
  if (random.integer(3) === 0) return String.fromCodePoint(random.integer(0x110000));
  return pick(random, random.integer(4) ? TEXTS : NAMES);
}

/** One to four changes somewhere in what JSON can say; the value given is not changed. */
export function mutateJson(random, value) {
  const root = { value: structuredClone(value) };
  for (let n = 1 + random.integer(4); n > 0; n--) {
    const places = placesOf(root);
    const [owner, key] = pick(random, places);
    const [, , other] = pick(random, places);
    pick(random, JSON_CHANGES)(random, owner, key, other);
  }
  return root.value;
}

const JSON_CHANGES = [
  (random, owner, key) => put(owner, key, anyValue(random)),
  (random, owner, key) => put(owner, key, anyValue(random)),
  (_, owner, key, other) => put(owner, key, structuredClone(other)),
  (_, owner, key) =>
    key === "value" && owner.value ? undefined : Array.isArray(owner) ? owner.splice(key, 1) : delete owner[key],
  (random, owner, key) => {
    const into = isNest(owner[key]) ? owner[key] : owner;
    if (Array.isArray(into)) into.splice(random.integer(into.length + 1), 0, anyValue(random));
    else put(into, pick(random, NAMES), anyValue(random));
  },
  (random, owner, key) => {
    const old = owner[key];
    if (typeof old === "number") put(owner, key, old + pick(random, [1, -1, 0.5, old, -2 * old]));
    else if (typeof old === "string") put(owner, key, mutateText(random, old).slice(0, 6000));
    else put(owner, key, [old]);
  },
];

function anyValue(random) {
  const kind = random.integer(7);
  if (kind < 2) return pick(random, DOUBLES);
  if (kind === 2) return anyText(random);
  if (kind === 3) return pick(random, [null, true, false, [], {}, [[]], "Infinity"]);
  if (kind === 4) return Array.from({ length: random.integer(2000) }, (_, i) => i);
  if (kind === 5) return Object.defineProperty({}, pick(random, NAMES), own({ polluted: true }));
  return nested(pick(random, [10, 500, 5000]));
}

/** Stands for a nest too deep for what walks through values, until it is text. */
const nested = (depth) => `NEST${depth}`;

/** `__proto__` would otherwise be set, and not be a name like others. */
function put(owner, key, value) {
  Object.defineProperty(owner, key, own(value));
}

const own = (value) => ({ value, enumerable: true, configurable: true, writable: true });
const isNest = (value) => typeof value === "object" && value !== null;

/** Up to some 2,000 places of a value, each with what stands there; of long lists the first. */
function placesOf(root) {
  const places = [[root, "value", root.value]];
  for (let i = 0; i < places.length && places.length < 2000; i++) {
    const value = places[i][2];
    if (isNest(value)) for (const key of Object.keys(value).slice(0, 200)) places.push([value, key, value[key]]);
  }
  return places;
}

/** What is promised is of files of less than a megabyte: copies of a nest stay within it. */
const MOST_BRACKETS = 500_000;

/** A value as JSON, now and then with changes to its text. */
export function jsonText(random, value) {
  let room = MOST_BRACKETS;
  const brackets = (_, depth) => {
    room -= 2 * depth;
    return room < 0 ? "[]" : "[".repeat(depth) + "]".repeat(depth);
  };
  const text = (JSON.stringify(value) ?? "").replace(/"NEST(\d+)"/g, brackets);
  return random.integer(10) === 0 ? mutateText(random, text) : text;
}

/** A file of JSON made into another: mostly what it says, or else its bytes. */
export function mutateJsonFile(random, bytes) {
  if (random.integer(8) === 0) return mutateBytes(random, bytes);
  return new TextEncoder().encode(jsonText(random, mutateJson(random, JSON.parse(new TextDecoder().decode(bytes)))));
}

/** A text file made into another. */
export function mutateTextFile(random, bytes) {
  if (random.integer(3) === 0) return mutateBytes(random, bytes);
  return new TextEncoder().encode(mutateText(random, new TextDecoder().decode(bytes)));
}
