import type { Graph, Value } from "./graph.js";
import { normalizedDirection, normalizedStep } from "./normalized.js";
import { at, concat, isReal, reshape, sizeOf, squeeze, stack, unsqueeze } from "./operators.js";
import { directionsOf, operatorOf, operatorWeights, type Recurrent } from "./recurrentWeights.js";

/** What a recurrent module made of whole sequences. */
export interface Read {
  /** [S, B, directions · H]: the highest layer's outputs, 0 past each end */
  readonly output: Value;
  /** For h and, of an LSTM, c: the last state of each layer, lowest first, [B, directions, H] each. */
  readonly last: readonly (readonly Value[])[];
}

/** x [S, B, F], of lengths [B], through all layers and directions. */
export function readSequences(graph: Graph, module: Recurrent, x: Value, lengths: Value): Read {
  const places = module.layerNorm ? realPlaces(graph, x, lengths) : lengths;
  let output = x;
  const lasts: Value[][] = [];
  for (let layer = 0; layer < module.numLayers; layer++) {
    const below = output;
    const read = module.layerNorm ? readNormalized : readLayer;
    const { y, last } = read(graph, module, layer, below, places);
    output = module.residual && layer > 0 ? graph.op("Add", [y, below]) : y;
    lasts.push(last);
  }
  return { output, last: byPart(lasts) };
}

interface LayerRead {
  /** [S, B, D·H] */
  readonly y: Value;
  /** [B, D, H] each */
  readonly last: Value[];
}

/** One layer, by ONNX's operator for it. */
function readLayer(graph: Graph, module: Recurrent, layer: number, x: Value, lengths: Value): LayerRead {
  const { name, states, attributes } = operatorOf(module);
  const direction = module.bidirectional ? "bidirectional" : "forward";
  const inputs = [x, ...operatorWeights(graph, module, layer), lengths];
  const [y, ...last] = graph.ops(name, 1 + states, inputs, { ...attributes, direction }); // [S, D, B, H], [D, B, H]
  const beside = graph.op("Transpose", [y], { perm: [0, 2, 1, 3] }); // [S, B, D, H]
  return {
    y: reshape(graph, beside, [0, 0, -1]),
    last: last.map((part) => graph.op("Transpose", [part], { perm: [1, 0, 2] })),
  };
}

/** Which places of x [S, B, F] are real, [S, B, 1]. */
function realPlaces(graph: Graph, x: Value, lengths: Value): Value {
  const mask = isReal(graph, lengths, sizeOf(graph, x, 0)); // [B, S]
  return unsqueeze(graph, graph.op("Transpose", [mask], { perm: [1, 0] }), 2);
}

/** The same with layer normalisation, which that operator has not: `real` says of each place whether it counts. */
function readNormalized(graph: Graph, module: Recurrent, layer: number, x: Value, real: Value): LayerRead {
  const directions = directionsOf(module, layer).map((weights, direction) =>
    normalizedDirection(graph, module, weights, x, real, direction === 1),
  );
  return {
    y: concat(
      graph,
      directions.map(({ y }) => y),
      2,
    ),
    last: byPart(directions.map(({ last }) => last)).map((part) => stack(graph, part)),
  };
}

/** One step of one layer: x [B, F] and the state before → the state after, [B, H] each. */
export function stepLayer(graph: Graph, module: Recurrent, layer: number, x: Value, state: readonly Value[]): Value[] {
  if (module.layerNorm) return normalizedStep(graph, module, directionsOf(module, layer)[0], x, state);
  const { name, states, attributes } = operatorOf(module);
  const initial = state.map((part) => unsqueeze(graph, part, 0));
  const inputs = [unsqueeze(graph, x, 0), ...operatorWeights(graph, module, layer), "", ...initial];
  const [, ...next] = graph.ops(name, 1 + states, inputs, attributes);
  return next.map((part) => squeeze(graph, part, 0));
}

/** What a recurrent module made of one step. */
export interface Stepped {
  /** [B, H] */
  readonly output: Value;
  /** [B, layers, H] for each part of the state */
  readonly next: readonly Value[];
}

/** One step of all layers: x [B, F], each part of the state [B, layers, H]. */
export function stepLayers(graph: Graph, module: Recurrent, x: Value, state: readonly Value[]): Stepped {
  let output = x;
  const states: Value[][] = [];
  for (let layer = 0; layer < module.numLayers; layer++) {
    const below = output;
    const next = stepLayer(graph, module, layer, below, layerState(graph, state, layer));
    output = module.residual && layer > 0 ? graph.op("Add", [next[0], below]) : next[0];
    states.push(next);
  }
  return { output, next: joinLayers(graph, states) };
}

/** One layer's part of a state, [B, H] each. */
export function layerState(graph: Graph, state: readonly Value[], layer: number): Value[] {
  return state.map((part) => at(graph, part, 1, layer));
}

/** The states of several layers, lowest first, as that of all. */
export function joinLayers(graph: Graph, states: readonly (readonly Value[])[]): Value[] {
  return byPart(states).map((part) => stack(graph, part));
}

/** States, each of one or two parts, as lists of their first parts and of their second. */
function byPart(states: readonly (readonly Value[])[]): Value[][] {
  return states[0].map((_, part) => states.map((state) => state[part]));
}
