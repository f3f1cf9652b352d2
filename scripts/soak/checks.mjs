// What no case may do.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";

/** What engines and Node say where nothing was checked. */
const UNCHECKED = [
  /^(Cannot|Could not) (read|set|destructure|convert|mix|access|define|assign|create|delete|redefine|add)\b/,
  /is not (a function|iterable|defined|a constructor|an object|extensible)\b/,
  /Maximum call stack|Invalid (array|typed array|string|count|time|code point|array buffer)|Array buffer allocation/,
  /out of (bounds|range)|out of memory|memory access|unreachable|divide by zero|table index|offset is outside/i,
  /^The ("|argument|property|value)|ERR_[A-Z_]+|must be of type|Object prototype may only/,
  /^\[object|toString'|reading '/,
];

/** What is wrong with what a case threw; null of a clean error: of ours, that names an operation and tells what it expected. */
export function faultOf(error) {
  if (!(error instanceof Error)) return `threw ${typeof error}, not an Error`;
  const { message } = error;
  // A message may quote an engine's own, after saying what it is about.
  const own = message.replace(/"(?:[^"\\]|\\.)*"?/g, '""');
  const unchecked = UNCHECKED.find((pattern) => own.split(/: /).some((part) => pattern.test(part)));
  if (unchecked) return `said what nobody checked: ${message.slice(0, 300)}`;
  if (!/^[^\n]{1,300}?: ./s.test(message)) return `named no operation: ${message.slice(0, 300)}`;
  if (
    !/expected|JSON|UTF-8|encoded data|does not exist|is a folder|is no path|unknown|checksum|no such|ENOENT|Unexpected|given|does not fit|E[A-Z]{4,}: /.test(
      message,
    )
  )
    return `did not say what it expected: ${message.slice(0, 300)}`;
  if (message.length > 1500) return `took ${message.length} characters to say it: ${message.slice(0, 200)}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(message))
    return `had control characters: ${JSON.stringify(message.slice(0, 300))}`;
  return null;
}

const PROTOTYPES = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Map,
  Set,
  Promise,
  RegExp,
  Error,
  Float32Array,
  Uint8Array,
];
const keysOf = () => PROTOTYPES.map(({ prototype }) => Reflect.ownKeys(prototype).length).join();
const before = keysOf();

/** Whether a prototype has got, or lost, something. */
export function isPolluted() {
  if (keysOf() !== before) return true;
  for (const _ in {}) return true;
  return "polluted" in {};
}

/** Everything by which a disk is changed, and which of its arguments are paths. */
const CHANGES = {
  ...{ writeFileSync: [0], renameSync: [0, 1], rmSync: [0], rmdirSync: [0], mkdirSync: [0], unlinkSync: [0] },
  ...{ appendFileSync: [0], copyFileSync: [1], symlinkSync: [1], linkSync: [1], truncateSync: [0], chmodSync: [0] },
};

/** Lets nothing be written but below a folder: what is tried elsewhere is refused as a disk would, and kept in `tried`. */
export function guardWrites(folder) {
  const tried = [];
  const root = resolve(folder) + sep;
  const check = (name, path) => {
    const isInside = typeof path === "number" || (resolve(String(path)) + sep).startsWith(root) || path === "/dev/null";
    if (isInside) return;
    tried.push(`${name} ${path}`);
    throw Object.assign(new Error(`EACCES: permission denied, ${name} '${path}'`), { code: "EACCES" });
  };
  for (const [name, places] of Object.entries(CHANGES)) {
    const real = fs[name];
    fs[name] = (...args) => {
      for (const place of places) check(name, args[place]);
      return real(...args);
    };
  }
  const { openSync } = fs;
  fs.openSync = (path, flags = "r", ...rest) => {
    if (flags !== "r") check("openSync", path);
    return openSync(path, flags, ...rest);
  };
  fs.fsyncSync = () => {}; // it takes long, and nobody looks at what it does
  syncBuiltinESMExports();
  return tried;
}
