import type { RecurrentWeights } from "../../autograd/ops/index.js";
import { EPS } from "../../autograd/ops/recurrent/rowNorm.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Graph, Value } from "./graph.js";
import { sizeOf, zeros } from "./operators.js";
import { operatorOf, type Recurrent } from "./recurrentWeights.js";

/**
 * Recurrent layers whose products are normalised (Ba, Kiros and Hinton, 2016, equation 20), written out, as none of ONNX's
 * recurrent operators has that. The equations are those of `autograd/ops/recurrent`.
 */

/** x [..., F] → [..., G·H]: x·Wᵀ brought to mean 0 and variance 1, · gain + bias */
function normalizedProduct(graph: Graph, x: Value, weight: Tensor, gain: Tensor, bias: Tensor): Value {
  const product = graph.op("MatMul", [x, graph.transposed(weight)]);
  const inputs = [product, graph.parameter(gain), graph.parameter(bias)];
  return graph.op("LayerNormalization", inputs, { axis: -1, epsilon: { float: EPS } });
}

function inputProduct(graph: Graph, x: Value, { weightIh, gainIh, biasIh }: RecurrentWeights): Value {
  return normalizedProduct(graph, x, weightIh, gainIh!, biasIh!);
}

/** One step from the input's product [B, G·H] and the state before → the state after, [B, H] each. */
function cell(
  graph: Graph,
  module: Recurrent,
  { weightHh, gainHh, biasHh }: RecurrentWeights,
  product: Value,
  [h, c]: readonly Value[],
): Value[] {
  const { name, order } = operatorOf(module);
  const own = normalizedProduct(graph, h, weightHh, gainHh!, biasHh!);
  const op = (operator: string, ...inputs: Value[]): Value => graph.op(operator, inputs);
  if (name === "RNN") return [op("Tanh", op("Add", product, own))];
  const gates = (all: Value): Value[] => graph.ops("Split", order.length, [all], { axis: -1 });
  if (name === "GRU") {
    const [[xr, xz, xn], [hr, hz, hn]] = [gates(product), gates(own)];
    const r = op("Sigmoid", op("Add", xr, hr));
    const z = op("Sigmoid", op("Add", xz, hz));
    const n = op("Tanh", op("Add", xn, op("Mul", r, hn)));
    return [op("Add", n, op("Mul", z, op("Sub", h, n)))]; // (1 − z) · n + z · h
  }
  const [i, f, g, o] = gates(op("Add", product, own));
  const kept = op("Mul", op("Sigmoid", f), c);
  const next = op("Add", kept, op("Mul", op("Sigmoid", i), op("Tanh", g)));
  return [op("Mul", op("Sigmoid", o), op("Tanh", next)), next];
}

/** One step: x [B, F] and the state before → the state after, [B, H] each. */
export function normalizedStep(
  graph: Graph,
  module: Recurrent,
  weights: RecurrentWeights,
  x: Value,
  state: readonly Value[],
): Value[] {
  return cell(graph, module, weights, inputProduct(graph, x, weights), state);
}

/**
 * One direction of a layer over x [S, B, F], of which the places `real` [S, B, 1] count → y [S, B, H], 0 at the others, and
 * the state after the last real place, [B, H] each. Backwards, padding comes first, and leaves the state at 0.
 */
export function normalizedDirection(
  graph: Graph,
  module: Recurrent,
  weights: RecurrentWeights,
  x: Value,
  real: Value,
  isReverse: boolean,
): { readonly y: Value; readonly last: Value[] } {
  const { hiddenSize: H } = module;
  const { name, order, states } = operatorOf(module);
  const body = graph.inner(`${name}_step`);
  const before = Array.from({ length: states }, () => body.input("before", "float", ["batch", H]));
  const product = body.input("product", "float", ["batch", order.length * H]);
  const isReal = body.input("real", "bool", ["batch", 1]);
  const stepped = cell(body, module, weights, product, before);
  stepped.forEach((part, i) => {
    body.output("after", body.op("Where", [isReal, part, before[i]]), "float", ["batch", H]);
  });
  body.output("y", body.op("Where", [isReal, stepped[0], body.number(0)]), "float", ["batch", H]);

  const start = zeros(graph, sizeOf(graph, x, 1), H);
  const inputs = [...before.map(() => start), inputProduct(graph, x, weights), real];
  const way = isReverse ? 1 : 0;
  const outputs = graph.loop("Scan", states + 1, inputs, body, {
    num_scan_inputs: 2,
    scan_input_directions: [way, way],
    scan_output_directions: [way],
  });
  return { y: outputs[states], last: outputs.slice(0, states) };
}
