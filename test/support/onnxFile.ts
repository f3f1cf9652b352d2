/** Reads an ONNX file back by the published schema, independently of what writes it. */
export type Field = bigint | number | Uint8Array;
export type Message = ReadonlyMap<number, readonly Field[]>;

/** The fields of a message by number, in the order in which they stand. */
export function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, Field[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const read = (type: number): Field => {
    if (type === 0) return BigInt.asIntN(64, varint());
    const size = type === 5 ? 4 : type === 2 ? Number(varint()) : Number.NaN;
    if (!(at + size <= bytes.length)) throw new Error(`wire type ${type} at ${at}`);
    at += size;
    return type === 5 ? view.getFloat32(at - 4, true) : bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = Math.floor(key / 8);
    fields.set(field, [...(fields.get(field) ?? []), read(key % 8)]);
  }
  return fields;
}

const text = (value: Field | undefined): string => new TextDecoder().decode(value as Uint8Array | undefined);
const texts = (message: Message, field: number): string[] => (message.get(field) ?? []).map(text);
const messages = (message: Message, field: number): Message[] =>
  (message.get(field) ?? []).map((value) => readMessage(value as Uint8Array));

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[] | GraphFile>>;
}

export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface GraphFile {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly weights: ReadonlyMap<string, Weight>;
  /** Type and shape as text, such as "float [batch, 8]". */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A file: versions of representation and operators, who wrote it, and the graph. */
export function readOnnx(bytes: Uint8Array) {
  const model = readMessage(bytes);
  const [operators] = messages(model, 8);
  return {
    representation: Number(model.get(1)![0]),
    operators: Number(operators.get(2)![0]),
    producer: text(model.get(2)![0]),
    graph: readGraph(messages(model, 7)[0]),
  };
}

function readGraph(graph: Message): GraphFile {
  return {
    name: text(graph.get(2)![0]),
    nodes: messages(graph, 1).map((node) => ({
      operator: text(node.get(4)![0]),
      inputs: texts(node, 1),
      outputs: texts(node, 2),
      attributes: Object.fromEntries(
        messages(node, 5).map((attribute) => [text(attribute.get(1)![0]), readAttribute(attribute)]),
      ),
    })),
    weights: new Map(messages(graph, 5).map((weight) => [text(weight.get(8)![0]), readWeight(weight)])),
    inputs: readPorts(messages(graph, 11)),
    outputs: readPorts(messages(graph, 12)),
  };
}

function readAttribute(attribute: Message) {
  const kinds: Readonly<Record<number, () => Node["attributes"][string]>> = {
    1: () => attribute.get(2)![0] as number,
    2: () => Number(attribute.get(3)![0]),
    3: () => text(attribute.get(4)![0]),
    5: () => readGraph(messages(attribute, 6)[0]),
    7: () => (attribute.get(8) ?? []).map(Number),
  };
  return kinds[Number(attribute.get(20)![0])]();
}

function readWeight(weight: Message): Weight {
  const raw = new Uint8Array(weight.get(9)![0] as Uint8Array).buffer; // a copy is aligned
  const kinds = { 1: Float32Array, 7: BigInt64Array } as const;
  const Kind = kinds[Number(weight.get(2)![0]) as 1 | 7];
  return { shape: (weight.get(1) ?? []).map(Number), values: new Kind(raw) };
}

function readPorts(ports: readonly Message[]): Record<string, string> {
  const elements: Readonly<Record<number, string>> = { 1: "float", 6: "int32", 9: "bool" };
  return Object.fromEntries(
    ports.map((port) => {
      const [tensor] = messages(messages(port, 2)[0], 1);
      const sizes = messages(messages(tensor, 2)[0], 1).map((size) => size.get(1)?.[0] ?? text(size.get(2)![0]));
      return [text(port.get(1)![0]), `${elements[Number(tensor.get(1)![0])]} [${sizes.join(", ")}]`];
    }),
  );
}
