import { version } from "../../version.js";
import { bytes, float, integer, integers, joined, message, type Pieces, text } from "./protobuf.js";

/**
 * The messages of an ONNX file; each number is a field's in `onnx.proto`.  (ONNX, "Open Neural Network Exchange Intermediate
 * Representation Specification", version 8)
 */

/** What the numbers of a tensor are, by their code there. */
const ELEMENTS = { float: 1, int32: 6, int64: 7, bool: 9 } as const;

export type Element = keyof typeof ELEMENTS;

/** The version of the representation that came with operator set 17. */
const IR_VERSION = 8;
const OPERATORS = 17;

/** A size, or the name of one that is known only when the graph runs. */
export type Size = number | string;

/** What goes into a graph or comes out of it. */
export interface Port {
  readonly name: string;
  readonly element: Element;
  readonly shape: readonly Size[];
}

/** An operator's attribute: a number without a point is an int unless it stands in a `{ float }`. */
export type Attribute = number | string | readonly number[] | { readonly float: number } | { readonly graph: Pieces };

/** TensorProto: floats, or integers as int64. */
export function tensorMessage(
  name: string,
  values: Float32Array | readonly number[],
  shape: readonly number[],
): Pieces {
  const isFloat = values instanceof Float32Array;
  const raw = new Uint8Array(values.length * (isFloat ? 4 : 8));
  const view = new DataView(raw.buffer);
  // Little-endian on every machine.
  if (isFloat) values.forEach((value, i) => void view.setFloat32(4 * i, value, true));
  else values.forEach((value, i) => void view.setBigInt64(8 * i, BigInt(value), true));
  return [
    ...integers(1, shape),
    ...integer(2, ELEMENTS[isFloat ? "float" : "int64"]),
    ...text(8, name),
    ...bytes(9, raw),
  ];
}

/** NodeProto: one operator. An input that is left out is "". */
export function nodeMessage(
  operator: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): Pieces {
  return [
    ...inputs.flatMap((input) => text(1, input)),
    ...outputs.flatMap((output) => text(2, output)),
    ...text(3, name),
    ...text(4, operator),
    ...Object.entries(attributes).flatMap(([key, value]) => message(5, attributeMessage(key, value))),
  ];
}

function attributeMessage(name: string, value: Attribute): Pieces {
  const [content, type] = attributeContent(value);
  return [...text(1, name), ...content, ...integer(20, type)];
}

/** The field that holds an attribute's value, and the code of its type. */
function attributeContent(value: Attribute): readonly [Pieces, number] {
  if (typeof value === "number") return [integer(3, value), 2];
  if (typeof value === "string") return [text(4, value), 3];
  if ("float" in value) return [float(2, value.float), 1];
  if ("graph" in value) return [message(6, value.graph), 5];
  return [integers(8, value), 7];
}

/** GraphProto */
export function graphMessage(
  name: string,
  nodes: readonly Pieces[],
  weights: readonly Pieces[],
  inputs: readonly Port[],
  outputs: readonly Port[],
): Pieces {
  return [
    ...nodes.flatMap((node) => message(1, node)),
    ...text(2, name),
    ...weights.flatMap((weight) => message(5, weight)),
    ...inputs.flatMap((port) => message(11, portMessage(port))),
    ...outputs.flatMap((port) => message(12, portMessage(port))),
  ];
}

/** ValueInfoProto */
function portMessage({ name, element, shape }: Port): Pieces {
  const sizes = shape.flatMap((size) => message(1, typeof size === "number" ? integer(1, size) : text(2, size)));
  const tensor = [...integer(1, ELEMENTS[element]), ...message(2, sizes)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

/** ModelProto: the bytes of a file. */
export function modelBytes(graph: Pieces): Uint8Array {
  return joined([
    ...integer(1, IR_VERSION),
    ...text(2, "seqgrad"),
    ...text(3, version),
    ...message(7, graph),
    ...message(8, [...text(1, ""), ...integer(2, OPERATORS)]),
  ]);
}
