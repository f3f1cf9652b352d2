import { crc32 } from "../../crc32.js";
import { parseJSON } from "../../json.js";
import { asObject } from "../../options.js";
import { showName } from "../../show.js";
import { blaming } from "./blaming.js";
import { decodeSafetensors, type EncodingOptions, encodeSafetensors, type SafetensorsContent } from "./safetensors.js";
import { bytesOf, type Files } from "./store.js";

/** The metadata of a sealed file: its own checksum, and those of the files it belongs with, by name, as JSON. */
const OWN = "crc32";
const OTHERS = "crc32.files";

/** What stands for the checksum while it is computed: it is part of the file that it is of. */
const BLANK = "00000000";

/**
 * A safetensors file that carries checksums in its metadata: of itself, and of the files that it belongs with. So one
 * file's replacement is a consistent one, and what has been damaged or mixed up since is found by {@link decodeSealed}.
 *
 * @example
 * const texts = { "config.json": config, "source.json": source };
 * const files = { ...texts, "model.safetensors": encodeSealed({ tensors, metadata: {} }, texts) };
 * decodeSealed(files, "model.safetensors").tensors;
 */
export function encodeSealed(
  { metadata, ...content }: SafetensorsContent,
  belonging: Files = {},
  options: EncodingOptions = {},
): Uint8Array {
  const others = Object.entries(belonging).map(([name, content]) => [name, hex(crc32(bytesOf(content)))]);
  const seal = { [OWN]: BLANK, [OTHERS]: JSON.stringify(Object.fromEntries(others)) };
  const bytes = encodeSafetensors({ ...content, metadata: { ...metadata, ...seal } }, options);
  bytes.set(bytesOf(hex(crc32(bytes))), placeOfOwn(bytes) ?? 0);
  return bytes;
}

/**
 * What {@link encodeSealed} was given, read from the file of this name after it and those it belongs with have been
 * compared with their checksums. A file without checksums, which another program wrote, is read as it is.
 *
 * Throws `Error` beginning with the name of the file that is damaged, absent or of another model.
 */
export function decodeSealed(files: Files, name: string): Required<SafetensorsContent> {
  const file = Object.hasOwn(files, name) ? files[name] : "";
  const bytes = typeof file === "string" ? bytesOf(file) : file;
  const place = placeOfOwn(bytes);
  if (place !== null) checkOwn(name, bytes, place);
  const { metadata, ...content } = blaming(`${name}: `, () => decodeSafetensors(bytes));
  const { [OWN]: own, [OTHERS]: others, ...rest } = metadata;
  if (own === undefined && others === undefined) return { ...content, metadata };
  if (place === null || others === undefined) throw new Error(`${name}: expected a checksum, ${damaged("got none")}`);
  checkOthers(name, parseChecksums(name, others), files);
  return { ...content, metadata: rest };
}

/** Those of the files that the one of this name, which {@link decodeSealed} reads, was sealed with. */
export function sealedWith(files: Files, name: string): Files {
  const { [OTHERS]: others = "{}" } = decodeSafetensors(bytesOf(files[name])).metadata;
  return Object.fromEntries(Object.keys(parseChecksums(name, others)).map((other) => [other, files[other]]));
}

function checkOwn(name: string, bytes: Uint8Array, place: number): void {
  const end = place + BLANK.length;
  const expected = new TextDecoder().decode(bytes.subarray(place, end));
  const got = hex(crc32(bytes.subarray(end), crc32(bytesOf(BLANK), crc32(bytes.subarray(0, place)))));
  if (got !== expected)
    throw new Error(`${name}: expected the checksum ${showName(expected)}, ${damaged(`got ${got}`)}`);
}

function checkOthers(name: string, checksums: Readonly<Record<string, string>>, files: Files): void {
  for (const [other, expected] of Object.entries(checksums)) {
    const got = Object.hasOwn(files, other) ? hex(crc32(bytesOf(files[other]))) : "none";
    if (got === expected) continue;
    throw new Error(
      `${showName(other)}: expected the one that ${name} was saved with (checksum ${showName(String(expected))}), ` +
        damaged(`got ${got}`),
    );
  }
}

function parseChecksums(name: string, json: string): Readonly<Record<string, string>> {
  const checksums = blaming(`${name}: checksums of other files: `, () =>
    asObject("JSON", "an object", parseJSON(json)),
  );
  return checksums as Record<string, string>;
}

function damaged(got: string): string {
  return `${got}: damaged, or of another model. Copy all files again from where they were whole`;
}

/** Where the digits of a file's own checksum stand; null when it has none. */
function placeOfOwn(bytes: Uint8Array): number | null {
  if (bytes.length < 8) return null;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = bytes.subarray(8, 8 + Math.min(length, bytes.length)); // one character a byte, so that places agree
  const before = `"${OWN}":"`; // within a string its quotes would have backslashes
  const at = new TextDecoder("latin1").decode(header).indexOf(before);
  return at < 0 ? null : 8 + at + before.length;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}
