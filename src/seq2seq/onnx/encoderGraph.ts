import type { Linear } from "../../nn/linear.js";
import { AttendingDecoder } from "../models/attendingDecoder.js";
import type { Seq2Seq } from "../models/seq2seq.js";
import { hasKeys, keysOf } from "./attention.js";
import { Graph, type Value } from "./graph.js";
import { modelBytes } from "./messages.js";
import { at, concat, embedding, linear, linearLast, reshape, reversed, sizeOf, unsqueeze, zeros } from "./operators.js";
import { type Read, readSequences } from "./recurrent.js";

/**
 * From a batch of sources to all that a step reads beside its token, under the same names; the batch is the first axis of
 * everything. `isReversed` reads each source from its last word to its first: what is told of its places stands in its order.
 */
export function encoderGraph(model: Seq2Seq, isReversed: boolean): Uint8Array {
  const { encoder, decoder, config } = model;
  const graph = new Graph("encoder");
  const written = graph.input("source", "int32", ["batch", "length"]);
  const lengths = graph.input("lengths", "int32", ["batch"]);
  const inOrder = (x: Value): Value => (isReversed ? reversed(graph, x, lengths) : x);

  const ids = graph.op("Transpose", [inOrder(written)], { perm: [1, 0] }); // [S, B]
  const words = embedding(graph, ids, encoder.embedding); // [S, B, F]
  const read = readSequences(graph, encoder.layer.module, words, lengths);
  const state = firstState(graph, model, read, lengths);
  const { hiddenSize: H, numLayers } = config;
  state.forEach((part, i) => void graph.output(["hidden", "cell"][i], part, "float", ["batch", numLayers, H]));
  if (!(decoder instanceof AttendingDecoder)) {
    if (decoder.contextInput) {
      graph.output("context", at(graph, state[0], 1, numLayers - 1), "float", ["batch", H]);
    }
    return modelBytes(graph.message());
  }
  const placed = (name: string, x: Value, width: number): void => {
    graph.output(name, x, "float", ["batch", "length", width]);
  };
  const seen = inOrder(graph.op("Transpose", [read.output], { perm: [1, 0, 2] })); // [B, S, E]
  placed("memory", seen, config.bidirectional ? 2 * H : H);
  if (hasKeys(decoder.attention)) placed("keys", keysOf(graph, decoder.attention, seen), H);
  if (decoder.lexical) placed("words", embedding(graph, written, encoder.embedding), config.embeddingSize);
  if (config.inputFeeding) {
    const { outFeatures } = decoder.combine;
    graph.output("feature", zeros(graph, sizeOf(graph, written, 0), outFeatures), "float", ["batch", outFeatures]);
  }
  return modelBytes(graph.message());
}

/** What the decoder begins with, [B, layers, H] for each part of a state. */
function firstState(
  graph: Graph,
  { initial, bridges, config }: Seq2Seq,
  { output, last }: Read,
  lengths: Value,
): Value[] {
  if (initial.length > 0) {
    const sum = graph.op("ReduceSum", [output, graph.integers([0])], { keepdims: 0 }); // [B, E]
    const counts = unsqueeze(graph, graph.op("Cast", [lengths], { to: 1 }), 1);
    const mean = graph.op("Div", [sum, counts]);
    const begin = (layer: Linear): Value => graph.op("Tanh", [linear(graph, mean, layer)]);
    return initial.map((layer) => reshape(graph, begin(layer), [0, config.numLayers, -1]));
  }
  return last.map((layers, part) => {
    // [B, directions, H] each → [B, layers, directions · H]
    const joined = concat(
      graph,
      layers.map((layer) => reshape(graph, layer, [0, 1, -1])),
      1,
    );
    return bridges.length > 0 ? linearLast(graph, joined, bridges[part]) : joined;
  });
}
