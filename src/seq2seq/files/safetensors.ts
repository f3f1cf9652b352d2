import { anything, asObject, checkOptions, type OptionTable } from "../../options.js";
import { show, showName } from "../../show.js";
import { checkTensors } from "../../tensor/checks.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";
import { DTYPES, FORMATS, isDtype, type SafetensorsDtype } from "./dtypes.js";
import { dequantizeRows, isWorthQuantizing, quantizeRows } from "./rows.js";
import { checkNames, type Entry, readHeader, writeHeader } from "./safetensorsHeader.js";

/** Named tensors and a few strings beside them: what one safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * How the file keeps each tensor. Those that are left out are written as they are, F32 or F64. Reading says it of all,
   * so that what was read is written alike (of a NaN not every bit), but for those in 8 bits with scales, which it says to
   * be F32 or F64.
   */
  readonly dtypes?: Readonly<Record<string, SafetensorsDtype>>;
}

/** How tensors are written. */
export interface EncodingOptions {
  /**
   * 8: tensors of two dimensions or more as whole numbers of 8 bits, type I8, with a scale for each row beside them, under
   * the same name and `.scale`, whatever `dtypes` says of them. Default: as they are.
   */
  readonly bits?: 8;
}

const CONTENT: OptionTable<SafetensorsContent> = { tensors: anything(), metadata: anything(), dtypes: anything() };
const ENCODING: OptionTable<EncodingOptions> = {
  bits: { initial: undefined, expected: "8", accepts: (value) => value === 8 },
};
/** What the name of a tensor in 8 bits has behind it in that of its scales. */
const SCALE = ".scale";

/** A tensor as it goes into a file. */
interface Written {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * Tensors as the bytes of a safetensors file: the header's length (8 bytes, little-endian), a JSON header, the numbers.
 * (https://github.com/huggingface/safetensors#format) With `dtypes` floats are rounded to F16 or BF16, and whole numbers
 * written as such. With `bits: 8` tensors take about a quarter, and no number is further from its own than half the scale
 * of its row, which is a 127th of the row's largest.
 *
 * Throws `RangeError` on a number that is not finite where it is to be written in 8 bits, and on one that does not fit
 * among the whole numbers of its dtype.
 *
 * @example
 * const bytes = encodeSafetensors({ tensors: model.stateDict(), metadata: {}, dtypes: { "encoder.embedding.weight": "F16" } });
 */
export function encodeSafetensors(content: SafetensorsContent, options: EncodingOptions = {}): Uint8Array {
  checkOptions("safetensors", CONTENT, content);
  checkOptions("safetensors", ENCODING, options);
  const { tensors, metadata, dtypes = {} } = content;
  checkContent(content);
  const written = Object.entries(tensors).flatMap(([name, tensor]): Written[] =>
    options.bits === 8 && isWorthQuantizing(tensor)
      ? inEightBits(name, tensor, tensors)
      : [asItIs(name, tensor, tensors, Object.hasOwn(dtypes, name) ? dtypes[name] : undefined)],
  );
  // The longest numbers first, so that all stand where a reader can use them in place.
  written.sort((a, b) => FORMATS[b.dtype].bytes - FORMATS[a.dtype].bytes);
  let end = 0;
  const entries = written.map(({ name, dtype, shape, bytes }): Entry => {
    const from = end;
    end += bytes.length;
    return { name, dtype, shape, from, to: end };
  });
  const header = writeHeader(entries, metadata);
  const file = new Uint8Array(header.length + end);
  file.set(header);
  entries.forEach(({ from }, i) => {
    file.set(written[i].bytes, header.length + from);
  });
  return file;
}

function checkContent({ tensors, metadata, dtypes = {} }: SafetensorsContent): void {
  for (const [name, given] of Object.entries(asObject("safetensors", "tensors by name", tensors))) {
    checkTensors(`safetensors: ${showName(name)}`, given);
  }
  for (const [name, text] of Object.entries(asObject("safetensors", "metadata by name", metadata))) {
    if (typeof text !== "string")
      throw new TypeError(`safetensors: expected metadata of strings, got ${show(text)} as ${showName(name)}`);
  }
  for (const [name, dtype] of Object.entries(asObject("safetensors", "dtypes by name", dtypes))) {
    if (!isDtype(dtype))
      throw new RangeError(`safetensors: ${showName(name)}: expected a dtype among ${DTYPES}, got ${show(dtype)}`);
    if (!Object.hasOwn(tensors, name))
      throw new Error(`safetensors: expected a tensor ${showName(name)}, got its dtype`);
  }
  checkNames(tensors);
}

function asItIs(name: string, tensor: Tensor, others: object, dtype?: SafetensorsDtype): Written {
  if (dtype === "I8") checkNoScales(name, others);
  const own = dtype ?? (tensor.dtype === "float64" ? "F64" : "F32");
  try {
    return { name, dtype: own, shape: tensor.shape, bytes: FORMATS[own].write(floatsOf(tensor)) };
  } catch (error) {
    throw new RangeError(`safetensors: ${showName(name)} as ${own}: ${(error as Error).message}`, { cause: error });
  }
}

/** A tensor in 8 bits, and its scales, in the floats that it had. */
function inEightBits(name: string, tensor: Tensor, others: object): Written[] {
  checkNoScales(name, others);
  const { whole, scales } = quantizeRows(`safetensors: ${showName(name)}`, tensor);
  const bytes = new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength);
  return [{ name, dtype: "I8", shape: tensor.shape, bytes }, asItIs(name + SCALE, scales, others)];
}

/** Throws `Error` where another tensor would be taken for the scales of this one, of 8 bits. */
function checkNoScales(name: string, others: object): void {
  if (!Object.hasOwn(others, name + SCALE)) return;
  throw new Error(`safetensors: expected ${showName(name + SCALE)} to be free for the scales of ${showName(name)}`);
}

/**
 * Reads the bytes of a safetensors file, trusting none of them. All numbers come as floats that hold them exactly: F16,
 * BF16, F32, I8 and U8 as float32, F64, I32 and I64 as float64; `dtypes` says what they were. A tensor of I8 that has
 * another beside it under its name and `.scale` comes with each row multiplied by its scale.
 *
 * Throws `Error` naming the fault unless the header is sound and without a name that stands twice, every tensor is of a
 * dtype among these with as many bytes as its shape says, the tensors fill the rest exactly, a whole number of 64 bits
 * lies within ±2^53, and there is a finite scale ≥ 0 for each row that has one.
 *
 * @example
 * const { tensors } = decodeSafetensors(readFileSync("model.safetensors")); // of PyTorch, say
 * const { missingKeys, unexpectedKeys } = model.loadStateDict(tensors, { strict: false });
 */
export function decodeSafetensors(bytes: Uint8Array): Required<SafetensorsContent> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`safetensors: expected a file's bytes, got ${show(bytes)}`);
  const { entries, metadata, body } = readHeader(bytes);
  const read = new Map(entries.map((entry) => [entry.name, { tensor: readTensor(entry, body), dtype: entry.dtype }]));
  for (const { name, dtype } of entries) {
    const scales = dtype === "I8" ? read.get(name + SCALE) : undefined;
    if (!scales) continue;
    const fail = (fault: string): never => {
      throw new Error(`safetensors: ${showName(name)}: ${fault}`);
    };
    if (scales.dtype !== "F32" && scales.dtype !== "F64")
      fail(`expected its scales in F32 or F64, got ${scales.dtype}`);
    const { tensor } = read.get(name)!;
    read.set(name, { ...scales, tensor: dequantizeRows(name, floatsOf(tensor), tensor.shape, scales.tensor, fail) });
    read.delete(name + SCALE);
  }
  return {
    tensors: Object.fromEntries([...read].map(([name, { tensor }]) => [name, tensor])),
    metadata,
    dtypes: Object.fromEntries([...read].map(([name, { dtype }]) => [name, dtype])),
  };
}

function readTensor({ name, dtype, shape, from, to }: Entry, body: Uint8Array): Tensor {
  const copy = new Uint8Array(body.subarray(from, to)); // a copy is aligned, and does not keep the file
  try {
    return new Tensor(FORMATS[dtype].read(copy), shape, name);
  } catch (error) {
    throw new Error(`safetensors: ${showName(name)} in ${dtype}: ${(error as Error).message}`, { cause: error });
  }
}
