import type { RecurrentWeights } from "../../autograd/ops/index.js";
import { GRU } from "../../nn/gru.js";
import { LSTM } from "../../nn/lstm.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import type { RecurrentLayer } from "../models/recurrentLayer.js";
import type { Graph, Value } from "./graph.js";
import type { Attribute } from "./messages.js";

export type Recurrent = RecurrentLayer["module"];

/** One of ONNX's recurrent operators, and where each of its gates stands among ours. */
interface Operator {
  readonly name: "RNN" | "GRU" | "LSTM";
  readonly order: readonly number[];
  /** h, or h and c */
  readonly states: 1 | 2;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** PyTorch's r z n and i f g o are ONNX's z r h and i o f c; its reset gate, too, stands before the product unless told so. */
export function operatorOf(module: Recurrent): Operator {
  const { hiddenSize } = module;
  const attributes = { hidden_size: hiddenSize };
  if (module instanceof LSTM) return { name: "LSTM", order: [0, 3, 1, 2], states: 2, attributes };
  if (!(module instanceof GRU)) return { name: "RNN", order: [0], states: 1, attributes };
  return { name: "GRU", order: [1, 0, 2], states: 1, attributes: { ...attributes, linear_before_reset: 1 } };
}

/** The weights of a layer in each of its directions. */
export function directionsOf(module: Recurrent, layer: number): RecurrentWeights[] {
  const parameters = new Map(module.namedParameters());
  return (module.bidirectional ? ["", "_reverse"] : [""]).map((direction) => {
    const own = (name: string): Tensor => parameters.get(`${name}_l${layer}${direction}`)!;
    const weights = { weightIh: own("weight_ih"), weightHh: own("weight_hh") };
    if (!module.layerNorm) return { ...weights, biasIh: own("bias_ih"), biasHh: own("bias_hh") };
    const biases = { biasIh: own("norm_ih_bias"), biasHh: own("norm_hh_bias") };
    return { ...weights, ...biases, gainIh: own("norm_ih_weight"), gainHh: own("norm_hh_weight") };
  });
}

/** A layer's weights as its operator takes them: W [D, G·H, F], R [D, G·H, H] and B [D, 2·G·H] of D directions. */
export function operatorWeights(graph: Graph, module: Recurrent, layer: number): Value[] {
  const directions = directionsOf(module, layer);
  const { order } = operatorOf(module);
  const [rows, width] = directions[0].weightIh.shape;
  const all = (parts: (weights: RecurrentWeights) => readonly Tensor[]): Float32Array =>
    joinFloats(directions.flatMap((weights) => parts(weights).map((part) => inOrder(part, order))));
  const D = directions.length;
  return [
    graph.weight(
      all(({ weightIh }) => [weightIh]),
      [D, rows, width],
    ),
    graph.weight(
      all(({ weightHh }) => [weightHh]),
      [D, rows, module.hiddenSize],
    ),
    graph.weight(
      all(({ biasIh, biasHh }) => [biasIh!, biasHh!]),
      [D, 2 * rows],
    ),
  ];
}

/** The gates of a weight [G·H, ...] in another order. */
function inOrder(tensor: Tensor, order: readonly number[]): Float32Array {
  const floats = floatsOf(tensor);
  const size = floats.length / order.length;
  return joinFloats(order.map((gate) => floats.subarray(gate * size, (gate + 1) * size)));
}

function joinFloats(parts: readonly ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}
