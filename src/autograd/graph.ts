import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { edgeOf, type Node, reachable } from "./engine.js";

/**
 * The history of a tensor as text: one line per op, latest first, each with what went into it. `%n` is the result of
 * the n-th op recorded by this process; leaves show their shape. Inputs that need no gradient show as `·`.
 *
 * @example
 * const w = tensor([[1, 2]], { requiresGrad: true });
 * console.log(graph(sum(mul(w, w))));
 * // %2 sum [] ← %1
 * // %1 mul [1, 2] ← leaf [1, 2], leaf [1, 2]
 */
export function graph(tensor: Tensor): string {
  const root = edgeOf(tensor);
  if (!root) return `leaf ${formatShape(tensor.shape)}`;
  return reachable(root.node).map(describe).join("\n");
}

function describe(node: Node): string {
  if (!node.run) return `%${node.id} ${node.name} (freed by backward)`;
  const shapes = node.outputShapes.map(formatShape).join(", ");
  return `%${node.id} ${node.name} ${shapes} ← ${node.inputs.map(describeInput).join(", ")}`;
}

function describeInput(input: Tensor | null): string {
  if (!input) return "·";
  const edge = edgeOf(input);
  if (!edge) return `leaf ${formatShape(input.shape)}`;
  return edge.node.outputShapes.length > 1 ? `%${edge.node.id}.${edge.index}` : `%${edge.node.id}`;
}
