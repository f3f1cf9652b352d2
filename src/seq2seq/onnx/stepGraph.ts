import type { AttendingDecoder } from "../models/attendingDecoder.js";
import { AttentionDecoder } from "../models/attentionDecoder.js";
import { ConditionalDecoder } from "../models/conditionalDecoder.js";
import { Decoder } from "../models/decoder.js";
import { FeedingDecoder } from "../models/feedingDecoder.js";
import { attendingStep, plainStep } from "./decoderStep.js";
import { Graph } from "./graph.js";
import { modelBytes } from "./messages.js";
import { embedding } from "./operators.js";
import { operatorOf } from "./recurrentWeights.js";

/**
 * One step of a decoder: the token that each row said last and where it stood → the logits of what may follow, before any
 * softmax, and under `next_…` where it stands then; the batch is the first axis of everything. `residual` is what the model's
 * config says. Throws `TypeError` on a decoder that is none of the library's.
 */
export function stepGraph(decoder: Decoder | AttendingDecoder, residual: boolean): Uint8Array {
  if (!isKnown(decoder)) throw new TypeError(`export: a decoder ${decoder.constructor.name} cannot be exported`);
  const graph = new Graph("decoder");
  const token = graph.input("token", "int32", ["batch"]);
  const { module } = decoder.layer;
  const layers = decoder instanceof ConditionalDecoder ? 1 + decoder.upper.length : module.numLayers;
  const shape = ["batch", layers, module.hiddenSize];
  const names = ["hidden", "cell"].slice(0, operatorOf(module).states);
  const state = names.map((name) => graph.input(name, "float", shape));

  const word = embedding(graph, token, decoder.embedding); // [B, F]
  const { logits, attention, next, feature } =
    decoder instanceof Decoder
      ? plainStep(graph, decoder, word, state)
      : attendingStep(graph, decoder, word, state, residual);

  graph.output("logits", logits, "float", ["batch", decoder.outputSize]);
  if (attention) graph.output("attention", attention, "float", ["batch", "length"]);
  names.forEach((name, part) => void graph.output(`next_${name}`, next[part], "float", shape));
  if (feature) graph.output("next_feature", feature.value, "float", ["batch", feature.width]);
  return modelBytes(graph.message());
}

function isKnown(
  decoder: Decoder | AttendingDecoder,
): decoder is Decoder | AttentionDecoder | FeedingDecoder | ConditionalDecoder {
  return [Decoder, AttentionDecoder, FeedingDecoder, ConditionalDecoder].some((Kind) => decoder instanceof Kind);
}
