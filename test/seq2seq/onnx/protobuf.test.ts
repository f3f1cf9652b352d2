import { describe, expect, test } from "vitest";
import { Graph } from "../../../src/seq2seq/onnx/graph.js";
import { modelBytes } from "../../../src/seq2seq/onnx/messages.js";
import { bytes, float, integer, integers, joined, message, text, varint } from "../../../src/seq2seq/onnx/protobuf.js";
import { version } from "../../../src/version.js";

const hex = (all: Uint8Array): string => Buffer.from(all).toString("hex");

describe("the wire format of protocol buffers", () => {
  // The first four are those of its documentation.
  test.each([
    ["150", integer(1, 150), "089601"],
    ["a text", text(2, "testing"), "120774657374696e67"],
    ["a message inside", message(3, integer(1, 150)), "1a03089601"],
    ["-2", integer(1, -2), "08feffffffffffffffff01"],
    ["0", integer(1, 0), "0800"],
    ["a field above 15", integer(20, 7), "a00107"],
    ["several integers", integers(8, [1, -1]), "400140ffffffffffffffffff01"],
    ["float", float(2, 0.5), "150000003f"],
    ["bytes", bytes(9, Uint8Array.of(0, 255)), "4a0200ff"],
    ["two bytes a sign", text(1, "ß"), "0a02c39f"],
  ])("%s", (_, pieces, expected) => {
    expect(hex(joined(pieces))).toBe(expected);
  });

  test.each([
    [127, "7f"],
    [128, "8001"],
    [300, "ac02"],
    [2 ** 31, "8080808008"],
    [2 ** 53 - 1, "ffffffffffffff0f"],
  ])("the varint %d", (value, expected) => {
    expect(hex(varint(value))).toBe(expected);
  });

  test("ends at 2 GiB, and says so before anything is copied", () => {
    const piece = new Uint8Array(2 ** 24);
    expect(() => joined(Array.from({ length: 128 }, () => piece))).toThrow(
      /^export: a graph of 2147483648 bytes cannot be exported, as protocol buffers end at 2147483647$/,
    );
  });
});

test("a model of one operator has the bytes that ONNX's schema gives it", () => {
  const graph = new Graph("g");
  const x = graph.input("x", "float", ["n", 2]);
  graph.output("y", graph.op("Gather", [graph.weight(Float32Array.of(1, -2), [2]), x], { axis: 1 }), "int32", [3]);
  const lengthy = (key: string, content: string): string =>
    `${key}${(content.length / 2).toString(16).padStart(2, "0")}${content}`;
  const name = (own: string): string => Buffer.from(own).toString("hex");
  const weight = `0802${"1001"}${lengthy("42", name("weight_0"))}${lengthy("4a", "0000803f000000c0")}`;
  const attribute = `${lengthy("0a", name("axis"))}1801a00102`;
  const gather =
    lengthy("0a", name("weight_0")) +
    lengthy("0a", name("x")) +
    lengthy("12", name("Gather_1")) +
    lengthy("1a", name("Gather_1")) +
    lengthy("22", name("Gather")) +
    lengthy("2a", attribute);
  const identity =
    lengthy("0a", name("Gather_1")) +
    lengthy("12", name("y")) +
    lengthy("1a", name("y")) +
    lengthy("22", name("Identity"));
  const port = (own: string, element: string, sizes: string): string =>
    lengthy("0a", name(own)) + lengthy("12", lengthy("0a", `08${element}${lengthy("12", sizes)}`));
  const whole =
    lengthy("0a", gather) +
    lengthy("0a", identity) +
    lengthy("12", name("g")) +
    lengthy("2a", weight) +
    lengthy("5a", port("x", "01", lengthy("0a", lengthy("12", name("n"))) + lengthy("0a", "0802"))) +
    lengthy("62", port("y", "06", lengthy("0a", "0803")));
  const size = whole.length / 2;
  const head = `0808${lengthy("12", name("seqgrad"))}${lengthy("1a", name(version))}`;
  expect(hex(modelBytes(graph.message()))).toBe(`${head}3a${hex(varint(size))}${whole}42040a001011`);
});
