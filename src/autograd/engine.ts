import { formatShape, numel, type Shape, sameShape } from "../tensor/shape.js";
import { allocate, allocatePersistent, currentScope, type DType, type FloatArray } from "../tensor/storage.js";
import { type History, Tensor } from "../tensor/tensor.js";
import { noGrad } from "./switches.js";

/** Where a backward adds the gradient of one input: the input's length; null where none is wanted. */
export type Accumulator = FloatArray | null;

/** An op's backward: `dys` are the gradients of its outputs, `dxs` one accumulator per input, to add to. A `dys[i]` is null when nothing depends on that output. */
export type BackwardMany = (dys: (FloatArray | null)[], dxs: Accumulator[]) => void;

let made = 0;

/** One run of an op: what went in, and how the gradient of what came out flows back. */
export class Node {
  /** Counts up: an input's node always has a smaller number, so that descending order is backward order. */
  readonly id = ++made;
  readonly name: string;
  /** Only the inputs a gradient is wanted for; null in the place of the others. */
  inputs: readonly (Tensor | null)[];
  readonly touchedRows: readonly (Int32Array | null)[];
  readonly outputShapes: readonly Shape[];
  readonly dtype: DType;
  /** Gradients of the outputs, while a backward pass is under way. */
  grads: (FloatArray | null)[];
  /** Null once freed. */
  run: BackwardMany | null;

  constructor(
    name: string,
    outputs: readonly Tensor[],
    inputs: readonly (Tensor | null)[],
    run: BackwardMany,
    touchedRows: readonly (Int32Array | null)[],
  ) {
    this.name = name;
    this.inputs = inputs.map((input) => (input?.requiresGrad ? input : null));
    this.touchedRows = touchedRows;
    this.outputShapes = outputs.map((output) => output.shape);
    this.dtype = outputs[0].dtype;
    this.grads = outputs.map(() => null);
    this.run = run;
  }

  /** Calls the op's backward with the output gradients gathered so far. */
  flow(dxs: Accumulator[]): void {
    this.run?.(this.grads, dxs);
  }

  /** Lets go of everything the op kept for its backward. */
  free(): void {
    this.run = null;
    this.inputs = [];
    this.grads = [];
  }
}

/** A tensor's history: the node that made it, and which of the node's outputs it is. */
export class Edge implements History {
  readonly node: Node;
  readonly index: number;

  constructor(node: Node, index: number) {
    this.node = node;
    this.index = index;
  }

  backward(gradient: Tensor | undefined): void {
    backward(this, gradient);
  }
}

/** The node behind a tensor, or null on a leaf. */
export function edgeOf(tensor: Tensor): Edge | null {
  return tensor.history instanceof Edge ? tensor.history : null;
}

/**
 * Reverse-mode differentiation (Linnainmaa, 1970): visits every node the result depends on, latest first, so that a
 * node's output gradients are complete before they flow on to its inputs. Frees each node once it has run.
 */
function backward(root: Edge, gradient: Tensor | undefined): void {
  const { node, index } = root;
  const nodes = reachable(node);
  const freed = nodes.find((each) => !each.run);
  if (freed) throw new Error(`backward: the history of the result of ${freed.name} was freed by an earlier backward`);
  const shape = node.outputShapes[index];
  if (gradient ? !sameShape(gradient.shape, shape) : numel(shape) !== 1) {
    const got = gradient ? `one of shape ${formatShape(gradient.shape)}` : "none";
    throw new RangeError(
      `backward: expected a gradient of shape ${formatShape(shape)} (a scalar may omit it), got ${got}`,
    );
  }
  const seed = outputGradient(node, index);
  if (gradient) seed.set(gradient.data);
  else seed[0] = 1;

  noGrad(() => {
    for (const each of nodes) {
      if (each.grads.some((grad) => grad !== null))
        each.flow(each.inputs.map((input, i) => accumulator(each, input, i)));
      each.free();
    }
  });
}

/** Every node that `from` depends on, in backward order. A loop: recursion would overflow on a long sequence. */
export function reachable(from: Node): Node[] {
  const seen = new Set([from]);
  for (const node of seen) {
    for (const input of node.inputs) {
      const edge = input && edgeOf(input);
      if (edge) seen.add(edge.node);
    }
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

function accumulator(node: Node, input: Tensor | null, i: number): Accumulator {
  if (!input) return null;
  const edge = edgeOf(input);
  return edge ? outputGradient(edge.node, edge.index) : leafGradient(input, node.touchedRows[i] ?? null);
}

function outputGradient(node: Node, index: number): NonNullable<Accumulator> {
  node.grads[index] ??= allocate(numel(node.outputShapes[index]), node.dtype);
  return node.grads[index];
}

function leafGradient(leaf: Tensor, rows: Int32Array | null): NonNullable<Accumulator> {
  if (!leaf.grad) {
    // A gradient lives as long as its leaf, which may be longer than the scope it is first needed in.
    const scope = currentScope();
    const lifetime = scope && leaf.belongsTo(scope) ? "step" : "persistent";
    const place = lifetime === "persistent" ? allocatePersistent : allocate;
    leaf.grad = new Tensor(place(numel(leaf.shape), leaf.dtype), leaf.shape, "grad", lifetime);
    leaf.grad.touchedRows = new Set();
  }
  const { grad } = leaf;
  if (!rows) grad.touchedRows = null;
  else for (const row of rows) grad.touchedRows?.add(row);
  return grad.data;
}
