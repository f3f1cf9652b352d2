import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import {
  type Attribute,
  type Element,
  graphMessage,
  nodeMessage,
  type Port,
  type Size,
  tensorMessage,
} from "./messages.js";
import type { Pieces } from "./protobuf.js";

/** What an operator reads or makes, by its name in the graph; "" where an operator's input is left out. */
export type Value = string;

type Attributes = Readonly<Record<string, Attribute>>;

interface Node {
  readonly pieces: Pieces;
  /** Its inputs, and what a graph inside it reads. */
  readonly reads: readonly Value[];
  readonly makes: readonly Value[];
}

/** What a graph and those inside its operators have in common. */
interface Shared {
  /** By name. */
  readonly weights: Map<Value, Pieces>;
  /** The names of weights that may be asked for again, by what they are of. */
  readonly names: Map<Tensor | string, Value>;
  /** How many names there are. */
  count: number;
}

/**
 * A graph that grows operator by operator. Names count up, so that one model always gives the same bytes.
 *
 * @example
 * const graph = new Graph("double");
 * const x = graph.input("x", "float", ["batch", 8]);
 * graph.output("y", graph.op("Add", [x, x]), "float", ["batch", 8]);
 * const bytes = modelBytes(graph.message());
 */
export class Graph {
  readonly #name: string;
  readonly #nodes: Node[] = [];
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];
  readonly #shared: Shared;
  readonly #isInner: boolean;

  /** `shared` is that of the graph around this one. */
  constructor(name: string, shared?: Shared) {
    this.#name = name;
    this.#isInner = shared !== undefined;
    this.#shared = shared ?? { weights: new Map(), names: new Map(), count: 0 };
  }

  /** What runs the graph hands it by this name; within an operator, by order. */
  input(name: string, element: Element, shape: readonly Size[]): Value {
    const own = this.#isInner ? this.#fresh(name) : name;
    this.#inputs.push({ name: own, element, shape });
    return own;
  }

  output(name: string, value: Value, element: Element, shape: readonly Size[]): void {
    const own = this.#isInner ? this.#fresh(name) : name;
    this.#nodes.push({ pieces: nodeMessage("Identity", own, [value], [own], {}), reads: [value], makes: [own] });
    this.#outputs.push({ name: own, element, shape });
  }

  /** One operator with one output. */
  op(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.ops(operator, 1, inputs, attributes)[0];
  }

  /** One operator with several outputs. */
  ops(operator: string, count: number, inputs: readonly Value[], attributes: Attributes = {}): Value[] {
    return this.#add(operator, count, inputs, attributes, []);
  }

  /** One operator with several outputs that runs a graph made by {@link Graph.inner}, its attribute `body`. */
  loop(operator: string, count: number, inputs: readonly Value[], body: Graph, attributes: Attributes): Value[] {
    const { pieces, reads } = body.#whole();
    return this.#add(operator, count, inputs, { body: { graph: pieces }, ...attributes }, reads);
  }

  #add(operator: string, count: number, inputs: readonly Value[], attributes: Attributes, inside: Iterable<Value>) {
    const name = this.#fresh(operator);
    const makes = Array.from({ length: count }, (_, i) => (count === 1 ? name : `${name}_${i}`));
    const pieces = nodeMessage(operator, name, inputs, makes, attributes);
    this.#nodes.push({ pieces, reads: [...inputs, ...inside], makes });
    return makes;
  }

  /** A parameter as it is, once in a graph even where two layers share it. */
  parameter(tensor: Tensor): Value {
    return this.#kept(tensor, () => this.weight(Float32Array.from(floatsOf(tensor)), tensor.shape));
  }

  /** A weight [M, N] as an operator multiplies by it from the right, [N, M]. */
  transposed(tensor: Tensor): Value {
    const [rows, columns] = tensor.shape;
    const from = floatsOf(tensor);
    const to = new Float32Array(from.length);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c];
    return this.weight(to, [columns, rows]);
  }

  weight(values: Float32Array | readonly number[], shape: readonly number[]): Value {
    const name = this.#fresh("weight");
    this.#shared.weights.set(name, tensorMessage(name, values, shape));
    return name;
  }

  /** A row of integers, for what an operator takes as axes and shapes; without a shape it is [n]. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.#kept(`${shape}: ${values}`, () => this.weight(values, shape));
  }

  /** A single number, [] */
  number(value: number): Value {
    return this.#kept(String(value), () => this.weight(Float32Array.of(value), []));
  }

  /** A graph inside an operator of this one, which sees its values. */
  inner(name: string): Graph {
    return new Graph(this.#fresh(name), this.#shared);
  }

  /** GraphProto */
  message(): Pieces {
    return this.#whole().pieces;
  }

  /** All that leads to an output: what some models take, as a layer's last state, others leave. */
  #whole(): { readonly pieces: Pieces; readonly reads: ReadonlySet<Value> } {
    const reads = new Set(this.#outputs.map(({ name }) => name));
    const nodes: Pieces[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.makes.some((value) => reads.has(value))) continue;
      nodes.unshift(node.pieces);
      for (const value of node.reads) reads.add(value);
    }
    const weights = this.#isInner
      ? []
      : [...this.#shared.weights].flatMap(([name, own]) => (reads.has(name) ? [own] : []));
    return { pieces: graphMessage(this.#name, nodes, weights, this.#inputs, this.#outputs), reads };
  }

  #kept(what: Tensor | string, make: () => Value): Value {
    const { names } = this.#shared;
    const name = names.get(what) ?? make();
    names.set(what, name);
    return name;
  }

  #fresh(what: string): string {
    return `${what}_${this.#shared.count++}`;
  }
}
