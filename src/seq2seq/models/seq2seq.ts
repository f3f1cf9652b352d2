import { checkOptions, type OptionTable } from "../../options.js";
import type { Indices } from "../../tensor/intTensor.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { padSources } from "../data/batch.js";
import { checkModel, completeConfig, type Seq2SeqConfig } from "./config.js";
import { Encoder } from "./encoder.js";
import { EncoderDecoder, type Padded } from "./encoderDecoder.js";

export interface Seq2SeqOptions {
  /** Draws the first weights and, in training, for dropout. */
  readonly generator?: Generator;
}

export const modelOptions: OptionTable<Seq2SeqOptions> = { generator: generatorOption };

/**
 * Tokens to tokens: encoder and decoder joined by a fixed context, the encoder's last states being the decoder's first (Cho
 * et al., 2014; Sutskever et al., 2014), and by attention where the config asks for it.
 *
 * @example
 * const model = new Seq2Seq({ inputSize: 1000, outputSize: 1200, hiddenSize: 64 });
 * const loss = model.loss(makeBatch([{ source: [5, 9], target: [7, 4, 8] }]));
 * loss.backward();
 */
export class Seq2Seq extends EncoderDecoder<Indices, ArrayLike<number>> {
  readonly config: Required<Seq2SeqConfig>;
  declare readonly encoder: Encoder;

  constructor(config: Seq2SeqConfig, options: Seq2SeqOptions = {}) {
    const complete = completeConfig(config);
    checkOptions("Seq2Seq", modelOptions, options);
    checkModel(complete);
    const { generator } = options;
    const encoder = makeEncoder(complete, generator);
    super(complete, { encoder, embedding: encoder.embedding }, generator);
    this.config = complete;
  }

  protected padded(sources: readonly ArrayLike<number>[]): Padded<Indices> {
    const { ids, lengths } = padSources(sources);
    return { source: ids, lengths };
  }
}

function makeEncoder(config: Required<Seq2SeqConfig>, generator: Generator | undefined): Encoder {
  const { inputSize, hiddenSize, cell, numLayers, bidirectional, embeddingSize } = config;
  const { dropout, embeddingDropout, wordDropout, layerNorm, residual } = config;
  const widths = { cell, numLayers, bidirectional, layerNorm, residual, embeddingSize };
  return new Encoder(inputSize, hiddenSize, { ...widths, dropout, embeddingDropout, wordDropout, generator });
}
