import { anything, asObject, checkOptions, type OptionTable } from "../../options.js";
import { show, showName } from "../../show.js";
import { checkTensors } from "../../tensor/checks.js";
import { formatShape, numel } from "../../tensor/shape.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";
import { dequantizeRows, isWorthQuantizing, quantizeRows } from "./rows.js";

/** Named tensors and a few strings beside them: what one safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How tensors are written. */
export interface EncodingOptions {
  /**
   * 8: tensors of two dimensions or more as whole numbers of 8 bits, type I8, with a scale for each row beside them, under
   * the same name and `.scale`. Default: as they are.
   */
  readonly bits?: 8;
}

const CONTENT: OptionTable<SafetensorsContent> = { tensors: anything(), metadata: anything() };
const ENCODING: OptionTable<EncodingOptions> = {
  bits: { initial: undefined, expected: "8", accepts: (value) => value === 8 },
};
/** What the name of a tensor in 8 bits has behind it in that of its scales. */
const SCALE = ".scale";
const LARGEST_HEADER = 100 * 2 ** 20; // the format's own limit
const BYTES = { F32: 4, F64: 8, I8: 1 } as const;

/** One tensor of a file, as it stands there. */
interface Entry {
  readonly name: string;
  readonly dtype: keyof typeof BYTES;
  readonly shape: readonly number[];
  readonly data: FloatArray | Int8Array;
}

/**
 * Tensors as the bytes of a safetensors file: the header's length (8 bytes, little-endian), a JSON header, the numbers.
 * (https://github.com/huggingface/safetensors#format) With `bits: 8` they take about a quarter, and no number is further
 * from its own than half the scale of its row, which is a 127th of the row's largest.
 *
 * Throws `RangeError` on a number that is not finite where it is to be written in 8 bits.
 */
export function encodeSafetensors(content: SafetensorsContent, options: EncodingOptions = {}): Uint8Array {
  checkOptions("safetensors", CONTENT, content);
  checkOptions("safetensors", ENCODING, options);
  const { tensors, metadata } = content;
  for (const [name, given] of Object.entries(asObject("safetensors", "tensors by name", tensors))) {
    checkTensors(`safetensors: ${showName(name)}`, given);
  }
  for (const [name, text] of Object.entries(asObject("safetensors", "metadata by name", metadata))) {
    if (typeof text !== "string")
      throw new TypeError(`safetensors: expected metadata of strings, got ${show(text)} as ${showName(name)}`);
  }
  if (Object.hasOwn(tensors, "__metadata__")) {
    throw new Error("safetensors: expected tensors' names, got __metadata__, which the format keeps for itself");
  }
  const entries = Object.entries(tensors).flatMap(([name, tensor]): Entry[] =>
    options.bits === 8 && isWorthQuantizing(tensor) ? inEightBits(name, tensor, tensors) : [inFloats(name, tensor)],
  );
  // Single bytes last, so that all floats stand where a reader can use them in place.
  const sorted = entries.toSorted((a, b) => Number(a.dtype === "I8") - Number(b.dtype === "I8"));
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : [];
  let end = 0;
  for (const { name, dtype, shape, data } of sorted) {
    header.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(text.length / 8) * 8; // spaces after the JSON keep the floats aligned
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  let at = 8 + padded;
  for (const { data } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function inFloats(name: string, tensor: Tensor): Entry {
  return { name, dtype: tensor.dtype === "float64" ? "F64" : "F32", shape: tensor.shape, data: floatsOf(tensor) };
}

/** A tensor in 8 bits, and its scales, in the floats that it had. */
function inEightBits(name: string, tensor: Tensor, others: object): Entry[] {
  if (Object.hasOwn(others, name + SCALE)) {
    throw new Error(`safetensors: expected ${showName(name + SCALE)} to be free for the scales of ${showName(name)}`);
  }
  const { whole, scales } = quantizeRows(`safetensors: ${showName(name)}`, tensor);
  return [{ name, dtype: "I8", shape: tensor.shape, data: whole }, inFloats(name + SCALE, scales)];
}

/**
 * Reads the bytes of a safetensors file, trusting none of them: throws `Error` naming the fault unless the header is
 * sound, every tensor is F32, F64 or I8 with as many bytes as its shape says, and the tensors fill the rest exactly. One of
 * I8 comes as floats, each row multiplied by its scale, of which there must be one for each, finite and not below 0.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`safetensors: expected a file's bytes, got ${show(bytes)}`);
  const fail = (fault: string): never => {
    throw new Error(`safetensors: ${fault}`);
  };
  refusePyTorch(bytes, fail);
  if (bytes.length < 8) fail(`expected a header length of 8 bytes, got a file of ${bytes.length}`);
  const length = headerLength(bytes);
  if (length > LARGEST_HEADER || 8 + length > bytes.length) {
    fail(`expected a header within the file's ${bytes.length} bytes, got one of ${length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (error) {
    fail(`expected a JSON header: ${(error as Error).message}`);
  }
  if (!isObject(header)) return fail("expected the header to be an object");
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    return fail("expected __metadata__ to hold strings only");
  }

  const body = bytes.subarray(8 + length);
  const floats = new Map<string, Tensor>();
  const whole: { name: string; shape: readonly number[]; data: Int8Array }[] = [];
  let covered = 0;
  const sorted = Object.entries(entries).map(([name, entry]) => ({ name, ...checkEntry(name, entry, fail) }));
  for (const { name, dtype, shape, from, to } of sorted.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== covered || to > body.length)
      fail(`${showName(name)}: expected its bytes to begin at ${covered}, got ${from} to ${to} of ${body.length}`);
    if (to - from !== numel(shape) * BYTES[dtype]) {
      fail(
        `${showName(name)}: expected ${numel(shape) * BYTES[dtype]} bytes for ${formatShape(shape)} ${dtype}, got ${to - from}`,
      );
    }
    const copy = new Uint8Array(body.subarray(from, to)).buffer; // a copy is aligned
    if (dtype === "I8") whole.push({ name, shape, data: new Int8Array(copy) });
    else floats.set(name, new Tensor(dtype === "F64" ? new Float64Array(copy) : new Float32Array(copy), shape, name));
    covered = to;
  }
  if (covered !== body.length) fail(`expected ${covered} bytes of numbers, got ${body.length}`);
  for (const { name, shape, data } of whole) {
    const scales = floats.get(name + SCALE);
    const fault = (text: string): never => fail(`${showName(name)}: ${text}`);
    if (scales === undefined) return fault(`expected its scales as ${showName(name + SCALE)}, in F32 or F64, got none`);
    floats.delete(name + SCALE);
    floats.set(name, dequantizeRows(name, data, shape, scales, fault));
  }
  return { tensors: Object.fromEntries(floats), metadata: metadata as Record<string, string> };
}

/** What `torch.save` writes, under whatever name: a zip archive or, before PyTorch 1.6, a pickle. */
function refusePyTorch(bytes: Uint8Array, fail: (fault: string) => never): void {
  const [first, second] = bytes;
  const isZip = first === 0x50 && second === 0x4b; // "PK"
  const isPickle = first === 0x80 && second >= 2 && second <= 5;
  // As the length of a header, these bytes would be many times the largest there may be.
  if (!isZip && !(isPickle && bytes.length >= 8 && headerLength(bytes) > LARGEST_HEADER)) return;
  fail(
    `expected a safetensors file, got ${isZip ? "a zip archive" : "a pickle"}, as PyTorch's torch.save writes; in Python, ` +
      '`safetensors.torch.save_file(torch.load("model.pt", map_location="cpu"), "model.safetensors")` converts a state dict',
  );
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

function checkEntry(name: string, entry: unknown, fail: (fault: string) => never) {
  if (!isObject(entry)) return fail(`${showName(name)}: expected an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32" && dtype !== "F64" && dtype !== "I8")
    return fail(`${showName(name)}: expected dtype F32, F64 or I8, got ${show(dtype)}`);
  if (!isCounts(shape)) return fail(`${showName(name)}: expected a shape of integers ≥ 0, got ${show(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(`${showName(name)}: expected data_offsets [from, to], got ${show(offsets)}`);
  }
  return { dtype, shape, from: offsets[0], to: offsets[1] } as const;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
