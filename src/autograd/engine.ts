import { checkTensors } from "../tensor/checks.js";
import { kernels } from "../tensor/kernels/index.js";
import { formatShape, numel, type Shape } from "../tensor/shape.js";
import { allocate, allocateUnset, clear, type DType, type FloatArray } from "../tensor/storage.js";
import {
  beginGrad,
  floatsOf,
  gradOf,
  type History,
  isUnchanged,
  type Mark,
  markOf,
  seedOf,
  type Tensor,
  writableFloats,
} from "../tensor/tensor.js";
import { BackwardCheck, isAnomalyEnabled } from "./anomaly.js";
import { noGrad } from "./switches.js";
import { listOf, setTouchedRows, touchedRowsOf } from "./touchedRows.js";
import type { Unset } from "./unset.js";

/** Where a backward adds the gradient of one input: the input's length; null where none is wanted. */
export type Accumulator = FloatArray | null;

/**
 * An op's backward: `dys` are the gradients of its outputs, `dxs` one accumulator per input, to add to. A `dys[i]` is null
 * when nothing depends on that output. An accumulator in `unset` is to be overwritten; see `RecordOptions.overwrites`.
 */
export type BackwardMany = (dys: (FloatArray | null)[], dxs: Accumulator[], unset: Unset) => void;

/** What `record` says of a node besides. */
export interface NodeOptions {
  readonly touchedRows: readonly (Int32Array | null)[];
  readonly saved: readonly (Tensor | null)[];
  readonly overwrites: boolean;
  readonly places: readonly (FloatArray | null)[];
}

let made = 0;

/** One run of an op: what went in, and how the gradient of what came out flows back. */
export class Node {
  /** Counts up: an input's node always has a smaller number, so that descending order is backward order. */
  readonly id = ++made;
  readonly name: string;
  /** Only the inputs a gradient is wanted for; null in the place of the others. */
  inputs: readonly (Tensor | null)[];
  readonly outputShapes: readonly Shape[];
  readonly dtype: DType;
  /** What the backward will read, and what it was. */
  saved: readonly { readonly tensor: Tensor; readonly mark: Mark }[];
  /** Gradients of the outputs, while a backward pass is under way. */
  grads: (FloatArray | null)[];
  /** Null once freed. */
  run: BackwardMany | null;
  /** Where the op was called, while anomalies are looked for. */
  readonly #calledAt = isAnomalyEnabled() ? new Error("the op was called here") : undefined;
  readonly #overwrites: boolean;
  readonly #touchedRows: readonly (Int32Array | null)[];
  #places: readonly (FloatArray | null)[];

  constructor(
    name: string,
    outputs: readonly Tensor[],
    inputs: readonly (Tensor | null)[],
    run: BackwardMany,
    { touchedRows, saved, overwrites, places }: NodeOptions,
  ) {
    this.name = name;
    this.inputs = inputs.map((input) => (input?.requiresGrad ? input : null));
    this.#touchedRows = touchedRows;
    this.#overwrites = overwrites;
    this.#places = places;
    this.outputShapes = outputs.map((output) => output.shape);
    this.dtype = outputs[0].dtype;
    this.grads = outputs.map(() => null);
    this.run = run;
    this.saved = saved.flatMap((tensor) => (tensor ? { tensor, mark: markOf(tensor) } : []));
  }

  /** Calls the op's backward with the output gradients gathered so far. */
  flow(): void {
    const unset: Unset = new Set();
    const dxs = this.inputs.map((input, i) => input && this.#accumulator(input, i, unset));
    const check = isAnomalyEnabled() ? new BackwardCheck(this.grads, this.outputShapes, dxs, unset) : null;
    this.run?.(this.grads, dxs, unset);
    if (unset.size > 0) throw new Error(`backward: expected ${this.name} to write every gradient, got none`);
    check?.check(this.name, this.inputs, dxs, this.#calledAt);
  }

  #accumulator(input: Tensor, i: number, unset: Unset): FloatArray {
    const edge = edgeOf(input);
    const isNew = this.#overwrites && (edge ? edge.node.grads[edge.index] : gradOf(input)) === null;
    const dx = edge
      ? outputGradient(edge.node, edge.index, isNew, this.#places[i])
      : leafGradient(input, this.#touchedRows[i] ?? null, isNew);
    if (isNew) unset.add(dx);
    return dx;
  }

  /** Lets go of everything the op kept for its backward. */
  free(): void {
    this.run = null;
    this.inputs = [];
    this.grads = [];
    this.saved = [];
    this.#places = [];
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
  if (gradient !== undefined) checkTensors("backward", gradient);
  const { node, index } = root;
  const nodes = reachable(node);
  const freed = nodes.find((each) => !each.run);
  if (freed) throw new Error(`backward: the history of the result of ${freed.name} was freed by an earlier backward`);
  checkUnchanged(nodes);
  outputGradient(node, index, true).set(seedOf(gradient, node.outputShapes[index], node.dtype));

  noGrad(() => {
    for (const each of nodes) {
      if (each.grads.some((grad) => grad !== null)) each.flow();
      each.free();
    }
  });
}

/** Throws when an op's derivative would be computed from numbers that are not those it was computed with. */
function checkUnchanged(nodes: readonly Node[]): void {
  for (const { name, saved } of nodes) {
    const changed = saved.find(({ tensor, mark }) => !isUnchanged(tensor, mark));
    if (!changed) continue;
    floatsOf(changed.tensor); // throws where they have ended
    const what = `the result of ${changed.tensor.op} ${formatShape(changed.tensor.shape)}`;
    throw new Error(
      `backward: ${name} needs ${what} for its derivative, and it was changed in place after ${name} had used it`,
    );
  }
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

/** What has been gathered of an output's gradient; where that is nothing, zeros, or, `isUnset`, anything, in `place` if given. */
function outputGradient(node: Node, index: number, isUnset: boolean, place: FloatArray | null = null): FloatArray {
  const make = isUnset ? allocateUnset : allocate;
  node.grads[index] ??= (isUnset && place) || make(numel(node.outputShapes[index]), node.dtype);
  return node.grads[index];
}

function leafGradient(leaf: Tensor, touched: Int32Array | null, isUnset: boolean): FloatArray {
  const begun = gradOf(leaf);
  const grad = begun ?? beginGrad(leaf);
  const before = begun ? touchedRowsOf(grad) : isUnset ? null : clearGradient(grad);
  const array = writableFloats(grad);
  if (before && touched) for (const row of touched) before.add(row);
  setTouchedRows(grad, touched && before);
  return array;
}

/** Sets a gradient that holds anything to zero where it may differ from it. Returns the rows that then do: none. */
function clearGradient(grad: Tensor): Set<number> {
  const rows = touchedRowsOf(grad);
  const array = writableFloats(grad);
  const width = array.length / Math.max(1, grad.shape[0] ?? 1);
  if (rows) kernels.zeroRows(array, listOf(rows), width);
  else clear(array);
  return new Set();
}
