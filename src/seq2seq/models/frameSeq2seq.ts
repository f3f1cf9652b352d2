import { checkOptions, flag, integer, type OptionTable, oneOf } from "../../options.js";
import type { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Frames, padFrames } from "../data/frames.js";
import { CONFIG, checkModel, completed, inferred, isConfig, type Seq2SeqConfig } from "./config.js";
import { EncoderDecoder, type Padded } from "./encoderDecoder.js";
import { FrameEncoder } from "./frameEncoder.js";
import { modelOptions, type Seq2SeqOptions } from "./seq2seq.js";

/**
 * Everything needed to build a model again that reads frames. Options that it shares with {@link Seq2SeqConfig} mean the
 * same; those of embedded tokens are the decoder's alone.
 */
export interface FrameSeq2SeqConfig extends Omit<Seq2SeqConfig, "inputSize" | "tied" | "lexical"> {
  /** Numbers of a frame. */
  readonly features: number;
  /** How many neighbouring frames the encoder reads at once. Default 1. */
  readonly stack?: number;
  /** Above how many of the encoder's lowest layers every two neighbouring outputs are joined, below `numLayers`. Default 0. */
  readonly subsample?: number;
  /** Whether what attention reads tells of each state where it is, as in {@link FrameEncoder}. Default false. */
  readonly positionalEncoding?: boolean;
  /** Whether the decoder's embedding and its output layer's weight are one (Press and Wolf, 2017). Default "none". */
  readonly tied?: "none" | "decoder";
}

const { inputSize: _, lexical: __, tied: ___, ...shared } = CONFIG;
const FRAME_CONFIG: OptionTable<FrameSeq2SeqConfig> = {
  features: integer(1),
  stack: integer(1, 1),
  subsample: integer(0, 0),
  positionalEncoding: flag(false),
  ...shared,
  tied: oneOf(["none", "decoder"], "none"),
};

/** The config with every default. Throws `TypeError` on a name that there is not, `RangeError` on a value out of range. */
export function completeFrameConfig(config: FrameSeq2SeqConfig): Required<FrameSeq2SeqConfig> {
  return completed("FrameSeq2Seq", FRAME_CONFIG, config, inferred);
}

/** Whether something is a config of a model over frames, of imaginable size. */
export function isFrameConfig(value: unknown): value is FrameSeq2SeqConfig {
  return isConfig(FRAME_CONFIG, ["features", "outputSize", "hiddenSize", "numLayers", "cell", "dropout"], value);
}

/**
 * Throws `RangeError` on options of a model that do not go together. It begins with `op`, and calls an option what `nameOf`
 * says.
 */
export function checkFrameModel(
  config: Omit<FrameSeq2SeqConfig, "features" | "outputSize" | "hiddenSize">,
  op = "FrameSeq2Seq",
  nameOf = (name: keyof FrameSeq2SeqConfig): string => name,
): void {
  checkModel(config, op, nameOf as (name: string) => string);
  checkSubsample(config, op, nameOf);
}

/** Throws `RangeError` where more layers are subsampled than there are, or none is left to be residual. */
export function checkSubsample(
  config: { readonly numLayers?: number; readonly subsample?: number; readonly residual?: boolean },
  op: string,
  nameOf = (name: "numLayers" | "subsample" | "residual"): string => name,
): void {
  const { numLayers = 1, subsample = 0, residual = false } = config;
  const least = subsample + (residual ? 2 : 1);
  if (numLayers >= least) return;
  const why = `${nameOf("subsample")} ${subsample}${residual ? ` and ${nameOf("residual")}` : ""}`;
  throw new RangeError(`${op}: expected ${nameOf("numLayers")} ${least} or more with ${why}, got ${numLayers}`);
}

/**
 * Frames to tokens, as speech to characters: a {@link FrameEncoder}, and behind it all that {@link Seq2Seq} has, so that it
 * trains on the same kind of batch and is searched in the same ways.  (Chan et al., 2016: Listen, Attend and Spell)
 *
 * @example
 * const model = new FrameSeq2Seq({ features: 40, outputSize: 30, hiddenSize: 64, bidirectional: true, attention: "additive" });
 * const loss = model.loss(makeFrameBatch([{ source: randn([80, 40]), target: [7, 4, 8] }]));
 * greedySearch(model, [randn([65, 40])], { maxLength: 20 });
 */
export class FrameSeq2Seq extends EncoderDecoder<Tensor, Frames> {
  readonly config: Required<FrameSeq2SeqConfig>;
  declare readonly encoder: FrameEncoder;

  constructor(config: FrameSeq2SeqConfig, options: Seq2SeqOptions = {}) {
    const complete = completeFrameConfig(config);
    checkOptions("FrameSeq2Seq", modelOptions, options);
    checkFrameModel(complete);
    const { generator } = options;
    super({ ...complete, lexical: false }, { encoder: makeEncoder(complete, generator) }, generator);
    this.config = complete;
  }

  protected padded(sources: readonly Frames[]): Padded<Tensor> {
    return padFrames(sources);
  }
}

function makeEncoder(config: Required<FrameSeq2SeqConfig>, generator: Generator | undefined): FrameEncoder {
  const { features, hiddenSize, cell, numLayers, bidirectional, layerNorm, residual } = config;
  const { dropout, stack, subsample, positionalEncoding } = config;
  const layers = { cell, numLayers, bidirectional, layerNorm, residual, dropout };
  return new FrameEncoder(features, hiddenSize, { ...layers, stack, subsample, positionalEncoding, generator });
}
