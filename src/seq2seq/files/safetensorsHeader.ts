import { parseJSON } from "../../json.js";
import { isObject } from "../../options.js";
import { show, showName } from "../../show.js";
import { formatShape, numel } from "../../tensor/shape.js";
import { DTYPES, FORMATS, isDtype, type SafetensorsDtype } from "./dtypes.js";

/** One tensor of a file, as its header tells it. */
export interface Entry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Where its bytes stand behind the header. */
  readonly from: number;
  readonly to: number;
}

export interface Header {
  /** In the order of their bytes, which follow one another without a hole. */
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** All behind the header. */
  readonly body: Uint8Array;
}

const LARGEST_HEADER = 100 * 2 ** 20; // the format's own limit
const METADATA = "__metadata__";

/**
 * Reads the header of a safetensors file, trusting nothing: throws `Error` naming the fault unless it is JSON within the
 * format's bounds, no name stands twice, and the tensors fill the rest exactly, each with as many bytes as its shape says.
 */
export function readHeader(bytes: Uint8Array): Header {
  refusePyTorch(bytes);
  const text = headerText(bytes);
  let header: unknown;
  try {
    header = parseJSON(text);
  } catch (error) {
    fail(`expected a JSON header: ${(error as Error).message}`);
  }
  if (!isObject(header)) return fail("expected the header to be an object");
  if (!text.startsWith("{")) fail(`expected the header to begin with {, got ${show(text[0])}`);
  const twice = repeatedName(text);
  if (twice !== null) fail(`expected each name once in an object of the header, got ${showName(twice)} twice`);
  const { [METADATA]: metadata = {}, ...tensors } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    return fail(`expected ${METADATA} to hold strings only`);
  }
  const body = bytes.subarray(8 + headerLength(bytes));
  const entries = Object.entries(tensors).map(([name, entry]) => checkEntry(name, entry));
  entries.sort((a, b) => a.from - b.from || a.to - b.to);
  checkPlaces(entries, body.length);
  return { entries, metadata: metadata as Record<string, string>, body };
}

/** A header's length and JSON, padded so that what follows begins at a multiple of 8. */
export function writeHeader(entries: readonly Entry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const all: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  for (const { name, dtype, shape, from, to } of entries) all.push([name, { dtype, shape, data_offsets: [from, to] }]);
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(all)));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  return bytes;
}

/** Throws `Error` where a tensor would be taken for the metadata. */
export function checkNames(tensors: object): void {
  if (Object.hasOwn(tensors, METADATA)) {
    fail(`expected tensors' names, got ${METADATA}, which the format keeps for itself`);
  }
}

/** What `torch.save` writes, under whatever name: a zip archive or, before PyTorch 1.6, a pickle. */
function refusePyTorch(bytes: Uint8Array): void {
  const [first, second] = bytes;
  const isJson = bytes[8] === 0x7b; // "{": these bytes are a header's length
  const isZip = first === 0x50 && second === 0x4b && !isJson; // "PK"
  const isPickle = first === 0x80 && second >= 2 && second <= 5;
  // As the length of a header, these bytes would be many times the largest there may be.
  if (!isZip && !(isPickle && bytes.length >= 8 && headerLength(bytes) > LARGEST_HEADER)) return;
  fail(
    `expected a safetensors file, got ${isZip ? "a zip archive" : "a pickle"}, as PyTorch's torch.save writes; in Python, ` +
      '`safetensors.torch.save_file(torch.load("model.pt", map_location="cpu"), "model.safetensors")` converts a state dict',
  );
}

function headerText(bytes: Uint8Array): string {
  if (bytes.length < 8) fail(`expected a header length of 8 bytes, got a file of ${bytes.length}`);
  const length = headerLength(bytes);
  if (length > LARGEST_HEADER || 8 + length > bytes.length) {
    const within = `within the file's ${bytes.length} bytes, and of at most ${LARGEST_HEADER}`;
    fail(`expected a header ${within}, got one of ${length}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
  } catch (error) {
    return fail(`expected a JSON header: ${(error as Error).message}`);
  }
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

/** A name that stands twice in one object of some sound JSON, of which JSON.parse would keep the last; null without one. */
function repeatedName(json: string): string | null {
  const open: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    if (json[i] === "{") open.push(new Set());
    else if (json[i] === "}") open.pop();
    else if (json[i] === '"') {
      const begin = i++;
      while (json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
      if (!isBeforeColon(json, i)) continue;
      const name = JSON.parse(json.slice(begin, i + 1)) as string;
      const names = open[open.length - 1];
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return null;
}

/** Whether a colon, perhaps after white space, follows the character at `i`. */
function isBeforeColon(json: string, i: number): boolean {
  let next = i + 1;
  while (" \t\r\n".includes(json.charAt(next)) && next < json.length) next++;
  return json[next] === ":";
}

function checkEntry(name: string, entry: unknown): Entry {
  if (!isObject(entry)) return fail(`${showName(name)}: expected an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) return fail(`${showName(name)}: expected a dtype among ${DTYPES}, got ${show(dtype)}`);
  if (!isCounts(shape)) return fail(`${showName(name)}: expected a shape of integers ≥ 0, got ${show(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(`${showName(name)}: expected data_offsets [from, to], got ${show(offsets)}`);
  }
  return { name, dtype, shape, from: offsets[0], to: offsets[1] };
}

/** Throws `Error` unless the bytes of sorted entries follow one another, fit their shapes, and end where the file does. */
function checkPlaces(entries: readonly Entry[], length: number): void {
  let covered = 0;
  for (const { name, dtype, shape, from, to } of entries) {
    if (from !== covered || to > length) {
      fail(`${showName(name)}: expected its bytes to begin at ${covered}, got ${from} to ${to} of ${length}`);
    }
    const needed = numel(shape) * FORMATS[dtype].bytes;
    if (to - from !== needed) {
      fail(`${showName(name)}: expected ${needed} bytes for ${formatShape(shape)} ${dtype}, got ${to - from}`);
    }
    covered = to;
  }
  if (covered !== length) fail(`expected ${covered} bytes of numbers, got ${length}`);
}

function fail(fault: string): never {
  throw new Error(`safetensors: ${fault}`);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
