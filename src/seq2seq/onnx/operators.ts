import type { Embedding } from "../../nn/embedding.js";
import type { Linear } from "../../nn/linear.js";
import type { Graph, Value } from "./graph.js";

/** What several graphs are made of, in ONNX's operators. */

/** x [B, F] → [B, M] */
export function linear(graph: Graph, x: Value, { weight, bias }: Linear): Value {
  const rest = bias ? [graph.parameter(bias)] : [];
  return graph.op("Gemm", [x, graph.parameter(weight), ...rest], { transB: 1 });
}

/** x [..., F] → [..., M] */
export function linearLast(graph: Graph, x: Value, { weight, bias }: Linear): Value {
  const product = graph.op("MatMul", [x, graph.transposed(weight)]);
  return bias ? graph.op("Add", [product, graph.parameter(bias)]) : product;
}

/** ids [...] → [..., F] */
export function embedding(graph: Graph, ids: Value, { weight }: Embedding): Value {
  return graph.op("Gather", [graph.parameter(weight), ids]);
}

/** The elements of an axis at one place, without that axis. */
export function at(graph: Graph, x: Value, axis: number, place: number): Value {
  return graph.op("Gather", [x, graph.integers([place], [])], { axis });
}

/** With a new axis of size 1. */
export function unsqueeze(graph: Graph, x: Value, axis: number): Value {
  return graph.op("Unsqueeze", [x, graph.integers([axis])]);
}

/** Without an axis of size 1. */
export function squeeze(graph: Graph, x: Value, axis: number): Value {
  return graph.op("Squeeze", [x, graph.integers([axis])]);
}

/** Side by side along an axis that all have. */
export function concat(graph: Graph, parts: readonly Value[], axis: number): Value {
  return parts.length === 1 ? parts[0] : graph.op("Concat", parts, { axis });
}

/** [B, H] each → [B, n, H] */
export function stack(graph: Graph, parts: readonly Value[]): Value {
  return concat(
    graph,
    parts.map((part) => unsqueeze(graph, part, 1)),
    1,
  );
}

/** Another shape; -1 is whatever is left, 0 the size as it is. */
export function reshape(graph: Graph, x: Value, shape: readonly number[]): Value {
  return graph.op("Reshape", [x, graph.integers(shape)]);
}

/** One size of a tensor, [1] */
export function sizeOf(graph: Graph, x: Value, axis: number): Value {
  return graph.op("Shape", [x], { start: axis, end: axis + 1 });
}

/** Zeros [size, width] */
export function zeros(graph: Graph, size: Value, width: number): Value {
  return graph.op("ConstantOfShape", [concat(graph, [size, graph.integers([width])], 0)]);
}

/** lengths [B] → whether each of `size` places [S] is below them, [B, S] */
export function isReal(graph: Graph, lengths: Value, size: Value): Value {
  const [zero, one] = [0, 1].map((value) => graph.integers([value], []));
  const places = graph.op("Range", [zero, squeeze(graph, size, 0), one]); // [S]
  const ends = unsqueeze(graph, graph.op("Cast", [lengths], { to: 7 }), 1); // [B, 1] of int64
  return graph.op("Less", [places, ends]);
}

/** x [B, S, ...] with the order of each row's places reversed, but for the last real one: the end of a sentence stays. */
export function reversed(graph: Graph, x: Value, lengths: Value): Value {
  const words = graph.op("Sub", [graph.op("Cast", [lengths], { to: 7 }), graph.integers([1])]);
  return graph.op("ReverseSequence", [x, words], { batch_axis: 0, time_axis: 1 });
}
