import { AdditiveAttention, type Attention, DotAttention, GeneralAttention } from "../../nn/attention.js";
import type { Graph, Value } from "./graph.js";
import { isReal, linear, linearLast, sizeOf, squeeze, unsqueeze } from "./operators.js";

/** What a step looks at, the batch first. */
export interface Source {
  /** [B, S, E] */
  readonly memory: Value;
  /** [B, S, D]; the memory itself where that is compared */
  readonly keys: Value;
  /** [B] */
  readonly lengths: Value;
}

/** Whether a query is compared with something else than the memory itself. */
export function hasKeys(attention: Attention): boolean {
  return !(attention instanceof DotAttention);
}

/** What of each place a query is compared with, [B, S, D]. Throws `TypeError` on an attention that is none of the library's. */
export function keysOf(graph: Graph, attention: Attention, memory: Value): Value {
  if (!hasKeys(attention)) return memory;
  if (attention instanceof GeneralAttention || attention instanceof AdditiveAttention) {
    return linearLast(graph, memory, attention.key);
  }
  throw new TypeError(`export: an attention ${attention.constructor.name} cannot be exported`);
}

/** query [B, H] → context [B, E] and weights [B, S], 0 past each end */
export function attend(
  graph: Graph,
  attention: Attention,
  query: Value,
  source: Source,
): [context: Value, weights: Value] {
  const { memory, keys, lengths } = source;
  const all = scores(graph, attention, query, keys); // [B, S]
  const mask = isReal(graph, lengths, sizeOf(graph, memory, 1));
  const real = graph.op("Where", [mask, all, graph.number(Number.NEGATIVE_INFINITY)]);
  const weights = graph.op("Softmax", [real], { axis: -1 });
  return [mix(graph, weights, memory), weights];
}

function scores(graph: Graph, attention: Attention, query: Value, keys: Value): Value {
  if (!(attention instanceof AdditiveAttention)) {
    return squeeze(graph, graph.op("MatMul", [keys, unsqueeze(graph, query, 2)]), 2);
  }
  const asked = unsqueeze(graph, linear(graph, query, attention.query), 1); // [B, 1, A]
  const y = graph.op("Tanh", [graph.op("Add", [asked, keys])]); // [B, S, A]
  return squeeze(graph, linearLast(graph, y, attention.score), 2);
}

/** weights [B, S] over values [B, S, E] → [B, E] */
export function mix(graph: Graph, weights: Value, values: Value): Value {
  return squeeze(graph, graph.op("MatMul", [unsqueeze(graph, weights, 1), values]), 1);
}
