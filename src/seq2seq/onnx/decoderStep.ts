import type { AttentionDecoder } from "../models/attentionDecoder.js";
import { ConditionalDecoder } from "../models/conditionalDecoder.js";
import type { Decoder } from "../models/decoder.js";
import { FeedingDecoder } from "../models/feedingDecoder.js";
import { LanguageModel } from "../models/languageModel.js";
import { attend, hasKeys, mix, type Source } from "./attention.js";
import type { Graph, Value } from "./graph.js";
import { concat, linear } from "./operators.js";
import { joinLayers, layerState, type Stepped, stepLayer, stepLayers } from "./recurrent.js";

/** What a step makes; the batch first. */
export interface DecoderStep {
  /** [B, outputSize] */
  readonly logits: Value;
  /** [B, S]: how much of each place of the source it looked at */
  readonly attention?: Value;
  /** [B, layers, H] for each part of the state */
  readonly next: readonly Value[];
  /** [B, width]: with input feeding, what the next step reads beside its token */
  readonly feature?: { readonly value: Value; readonly width: number };
}

/** A decoder over a fixed context, or a language model, which has none: word [B, F]. */
export function plainStep(graph: Graph, decoder: Decoder, word: Value, state: readonly Value[]): DecoderStep {
  const { module } = decoder.layer;
  const own = decoder instanceof LanguageModel ? word : graph.op("Relu", [word]);
  const context = decoder.contextInput ? [graph.input("context", "float", ["batch", module.hiddenSize])] : [];
  const { output, next } = stepLayers(graph, module, concat(graph, [own, ...context], 1), state);
  return { logits: linear(graph, output, decoder.out), next };
}

type Attending = AttentionDecoder | FeedingDecoder | ConditionalDecoder;

/** A decoder that looks at the source: word [B, F]. */
export function attendingStep(
  graph: Graph,
  decoder: Attending,
  word: Value,
  state: readonly Value[],
  residual: boolean,
): DecoderStep {
  const { attention, combine, lexical } = decoder;
  const { hiddenSize: H } = decoder.layer.module;
  const placed = (name: string, width: number): Value => graph.input(name, "float", ["batch", "length", width]);
  const memory = placed("memory", combine.inFeatures - H);
  const keys = hasKeys(attention) ? placed("keys", H) : memory;
  const words = lexical && placed("words", lexical.hidden.inFeatures);
  const source: Source = { memory, keys, lengths: graph.input("lengths", "int32", ["batch"]) };

  const { output, next, context, weights } =
    decoder instanceof ConditionalDecoder
      ? conditionalStep(graph, decoder, word, state, source, residual)
      : readThenAttend(graph, decoder, word, state, source);
  const feature = graph.op("Tanh", [linear(graph, concat(graph, [context, output], 1), combine)]); // [B, O]
  return {
    logits: words
      ? lexicalLogits(graph, decoder, feature, mix(graph, weights, words))
      : linear(graph, feature, decoder.out),
    attention: weights,
    next,
    feature: decoder instanceof FeedingDecoder ? { value: feature, width: combine.outFeatures } : undefined,
  };
}

/** The layers' step, and what the step saw: context [B, E] by weights [B, S]. */
interface Seeing extends Stepped {
  readonly context: Value;
  readonly weights: Value;
}

/** Attention behind all layers; with input feeding, these read the last step's feature too. */
function readThenAttend(
  graph: Graph,
  decoder: AttentionDecoder | FeedingDecoder,
  word: Value,
  state: readonly Value[],
  source: Source,
): Seeing {
  const isFed = decoder instanceof FeedingDecoder;
  const fed = isFed ? [graph.input("feature", "float", ["batch", decoder.combine.outFeatures])] : [];
  const stepped = stepLayers(graph, decoder.layer.module, concat(graph, [word, ...fed], 1), state);
  const [context, weights] = attend(graph, decoder.attention, stepped.output, source);
  return { ...stepped, context, weights };
}

/** Attention between two cells, and further layers above.  (Sennrich et al., 2017) */
function conditionalStep(
  graph: Graph,
  { layer, contextLayer, upper, attention }: ConditionalDecoder,
  word: Value,
  state: readonly Value[],
  source: Source,
  residual: boolean,
): Seeing {
  const first = stepLayer(graph, layer.module, 0, word, layerState(graph, state, 0));
  const [context, weights] = attend(graph, attention, first[0], source);
  const second = stepLayer(graph, contextLayer.module, 0, context, first);
  const states = [second];
  let output = second[0];
  upper.forEach(({ module }, i) => {
    const next = stepLayer(graph, module, 0, output, layerState(graph, state, i + 1));
    output = residual ? graph.op("Add", [next[0], output]) : next[0];
    states.push(next);
  });
  return { output, next: joinLayers(graph, states), context, weights };
}

/** Logits to which the source's words, mixed as the step looked at them, lead too: mixed [B, F]. */
function lexicalLogits(graph: Graph, { lexical, out }: Attending, feature: Value, mixed: Value): Value {
  const { hidden, out: own } = lexical!;
  const f = graph.op("Tanh", [mixed]);
  const h = graph.op("Add", [graph.op("Tanh", [linear(graph, f, hidden)]), f]);
  if (!own) return linear(graph, graph.op("Add", [feature, h]), out);
  return graph.op("Add", [linear(graph, feature, out), linear(graph, h, own)]);
}
