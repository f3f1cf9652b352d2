import { checkOption, integer } from "../options.js";
import { show } from "../show.js";
import { defaultGenerator, type Generator, generatorOption } from "../tensor/random.js";
import { writableFloats } from "../tensor/tensor.js";
import { GRUCell, LSTMCell } from "./cells.js";
import { GRU } from "./gru.js";
import { LSTM } from "./lstm.js";

/**
 * Gives the gates of a GRU or an LSTM, of all its layers and directions, or of a cell, biases with which each unit remembers over a span of its own,
 * up to `longest` steps: a gate of bias b keeps σ(b) = 1 − 1 / (1 + eᵇ) of a state at each step.
 *
 * b = log(u), u uniform in [1, longest − 1]: of a GRU's update gate z, or of an LSTM's forget gate f; its input gate i has −b
 * (Tallec and Ollivier, 2018, equation 16)
 *
 * Sets these parts of `bias_ih…` (with layer normalisation, of `norm_ih_bias…`), and leaves all other weights as they are.
 * Throws `TypeError` on what is no GRU or LSTM, `RangeError` on one without biases, and unless `longest` ≥ 2.
 *
 * @example
 * const gru = chronoInit(new GRU(1, 128), 784); // an image, pixel by pixel
 */
export function chronoInit<Layer extends GRU | LSTM | GRUCell | LSTMCell>(
  layer: Layer,
  longest: number,
  generator: Generator = defaultGenerator,
): Layer {
  const isLSTM = layer instanceof LSTM || layer instanceof LSTMCell;
  if (!isLSTM && !(layer instanceof GRU || layer instanceof GRUCell)) {
    throw new TypeError(`chronoInit: expected a GRU or an LSTM, got ${show(layer)}`);
  }
  checkOption("chronoInit", "longest", integer(2), longest);
  checkOption("chronoInit", "generator", generatorOption, generator);
  const biases = [...layer.namedParameters()].filter(([name]) => /^(bias_ih|norm_ih_bias)(_l|$)/.test(name));
  if (biases.length === 0) throw new RangeError("chronoInit: expected a layer with biases, got one without");
  const { hiddenSize: H } = layer;
  for (const [, bias] of biases) {
    const floats = writableFloats(bias);
    for (let i = 0; i < H; i++) {
      const b = Math.log(1 + (longest - 2) * generator.random());
      floats[H + i] = b; // the second gate of either: r, z, n or i, f, g, o
      if (isLSTM) floats[i] = -b;
    }
  }
  return layer;
}
