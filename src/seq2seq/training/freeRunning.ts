import { argmax } from "../../autograd/ops/index.js";
import { noGrad } from "../../autograd/switches.js";
import { IntTensor, intTensor } from "../../tensor/intTensor.js";
import type { Batch } from "../data/batch.js";
import type { EncoderDecoder } from "../models/encoderDecoder.js";
import type { TokenDecoder } from "../models/tokenDecoder.js";
import { BOS } from "../text/vocabulary.js";

/**
 * What the decoder would read if, instead of the reference, it were given its own likeliest word after each step:
 * [T, B], beginning with BOS. No gradient flows through a choice of word, so that training on these inputs as on a
 * reference gives the same gradients as choosing along the way.
 */
export function freeRunningInput<Input>(model: EncoderDecoder<Input, never>, batch: Batch<Input>): IntTensor {
  const [steps, size] = batch.targetInput.shape;
  const input = new Int32Array(steps * size);
  const decoder: TokenDecoder<unknown> = model.decoder;
  noGrad(() => {
    let state = decoder.start(model.encode(batch.source, batch.sourceLengths), size);
    let tokens = intTensor([Array.from({ length: size }, () => BOS)]);
    for (let t = 0; t < steps; t++) {
      input.set(tokens.data, t * size);
      const [features, next] = decoder.features(tokens, state);
      tokens = argmax(decoder.logits(features), -1); // [1, B]
      state = next;
    }
  });
  return new IntTensor(input, [steps, size]);
}
