import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../../src/seq2seq/files/safetensors.js";
import { decodeSealed, encodeSealed } from "../../../src/seq2seq/files/seal.js";
import { bytesOf, type Files } from "../../../src/seq2seq/files/store.js";
import { Tensor } from "../../../src/tensor/index.js";

const WEIGHTS = "model.safetensors";
const content = {
  tensors: {
    "été.weight": new Tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
    b: new Tensor(Float32Array.of(7), [1]),
  },
  metadata: { note: 'été "crc32":"12345678"', "0": "zero" },
};
const texts = { "config.json": '{"hiddenSize": 256}\n', "source.json": '["é"]\n' };
const files: Files = { ...texts, [WEIGHTS]: encodeSealed(content, texts) };

/** All messages of what reading a file says with each of its bits flipped, one by one. */
function messagesOfFlips(name: string, weights = WEIGHTS, all = files): string[] {
  const whole = bytesOf(all[name]);
  return Array.from({ length: whole.length * 8 }, (_, bit) => {
    const flipped = whole.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    try {
      decodeSealed({ ...all, [name]: flipped }, weights);
      return `read it all the same with bit ${bit} flipped`;
    } catch (error) {
      return (error as Error).message;
    }
  });
}

describe("encodeSealed and decodeSealed", () => {
  test("give back tensors and metadata, without the checksums", () => {
    const read = decodeSealed(files, WEIGHTS);
    expect(read.metadata).toEqual(content.metadata);
    expect(read.tensors["été.weight"].toArray()).toEqual([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: rows
    expect(decodeSealed({ a: encodeSealed({ tensors: {}, metadata: {} }) }, "a")).toEqual({
      ...{ tensors: {}, metadata: {}, dtypes: {} },
    });
  });

  test("the file is as the published format has it, so that every reader reads it", () => {
    const { tensors, metadata } = decodeSafetensors(files[WEIGHTS] as Uint8Array);
    expect(Object.keys(tensors)).toEqual(Object.keys(content.tensors));
    expect(metadata).toEqual({
      ...content.metadata,
      crc32: expect.stringMatching(/^[0-9a-f]{8}$/),
      "crc32.files": expect.stringMatching(/^\{"config\.json":"[0-9a-f]{8}","source\.json":"[0-9a-f]{8}"\}$/),
    });
  });

  test("every flipped bit of every file is found, and the message begins with the file's name", () => {
    for (const name of Object.keys(files)) {
      for (const message of messagesOfFlips(name)) expect(message.slice(0, name.length + 2)).toBe(`${name}: `);
    }
    const alone = { "checkpoint.safetensors": encodeSealed(content) };
    for (const message of messagesOfFlips("checkpoint.safetensors", "checkpoint.safetensors", alone)) {
      expect(message).toMatch(/^checkpoint\.safetensors: /);
    }
  });

  test("every shorter file is refused", () => {
    const whole = files[WEIGHTS] as Uint8Array;
    for (let length = 0; length < whole.length; length++) {
      const cut = { ...files, [WEIGHTS]: whole.subarray(0, length) };
      expect(() => decodeSealed(cut, WEIGHTS)).toThrow(/^model\.safetensors: /);
    }
  });

  test("files of two models are told from those of one, whichever is the foreign one", () => {
    const others = { "config.json": '{"hiddenSize": 512}\n', "source.json": '["è"]\n' };
    const foreign: Files = { ...others, [WEIGHTS]: encodeSealed(content, others) };
    for (const name of ["config.json", "source.json"]) {
      const mixed = { ...files, [name]: foreign[name] };
      expect(() => decodeSealed(mixed, WEIGHTS)).toThrow(
        /^\w+\.json: expected the one that model\.safetensors was saved with \(checksum \w{8}\), got \w{8}: .* Copy/,
      );
    }
    expect(() => decodeSealed({ ...files, [WEIGHTS]: foreign[WEIGHTS] }, WEIGHTS)).toThrow(/^config\.json: expected/);
    expect(() => decodeSealed({ ...texts, [WEIGHTS]: files[WEIGHTS], "source.json": "" }, WEIGHTS)).toThrow(/^source/);
    expect(() => decodeSealed({ [WEIGHTS]: files[WEIGHTS] }, WEIGHTS)).toThrow(/^config\.json: expected .* got none/);
  });

  test("what another program wrote without checksums is read as it is", () => {
    const bytes = encodeSafetensors(content);
    const read = decodeSealed({ ...files, "config.json": "another", [WEIGHTS]: bytes }, WEIGHTS);
    expect(read).toEqual(decodeSafetensors(bytes));
  });

  test("checksums that are none are no list of files", () => {
    for (const list of ["null", "[]", "7", "{", '"\u001b']) {
      const metadata = { crc32: "00000000", "crc32.files": list };
      const bytes = encodeSafetensors({ ...content, metadata });
      const message = messageOf(() => decodeSealed({ [WEIGHTS]: bytes }, WEIGHTS));
      const [, own] = /got (\w{8})/.exec(message) ?? [];
      const sealed = encodeSafetensors({ ...content, metadata: { ...metadata, crc32: own } });
      expect(messageOf(() => decodeSealed({ [WEIGHTS]: sealed }, WEIGHTS))).toMatch(
        /^model\.safetensors: checksums of other files: \P{Cc}+$/u,
      );
    }
  });

  test("a checksum of other signs is shown without what a terminal would obey", () => {
    const bytes = encodeSafetensors({ ...content, metadata: { crc32: "0123456x", "crc32.files": "{}" } });
    bytes[Buffer.from(bytes).indexOf("0123456x") + 2] = 0x1b;
    expect(messageOf(() => decodeSealed({ [WEIGHTS]: bytes }, WEIGHTS))).toContain(
      "expected the checksum 01\\u001b3456x, got",
    );
  });

  test("what is no file at all is named", () => {
    expect(() => decodeSealed({}, WEIGHTS)).toThrow(/^model\.safetensors: safetensors: expected a header length/);
    expect(() => decodeSealed({ [WEIGHTS]: "text of some length" }, WEIGHTS)).toThrow(
      /^model\.safetensors: safetensors:/,
    );
  });
});

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("expected an error, got none");
}
