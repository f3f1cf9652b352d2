import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { add, nllLoss, reshape } from "../../../src/autograd/index.js";
import { Decoder } from "../../../src/seq2seq/models/decoder.js";
import { Encoder } from "../../../src/seq2seq/models/encoder.js";
import type { State } from "../../../src/seq2seq/models/state.js";
import { scope, Tensor } from "../../../src/tensor/index.js";

interface Plain {
  readonly shape: number[];
  readonly data: number[];
}

/** What PyTorch gave for the same classes, stepped token by token; the layout is told in test/golden/nn.py. */
interface Golden {
  readonly sizes: { readonly input: number; readonly hidden: number; readonly output: number };
  readonly source: number[];
  readonly target: number[];
  readonly encoder: Record<string, Plain>;
  readonly decoder: Record<string, Plain>;
  readonly encoderOutputs: Plain[];
  readonly encoderHidden: Plain;
  readonly decoderOutputs: Plain[];
  readonly decoderHidden: Plain;
  readonly loss: number;
  readonly encoderGradients: Record<string, Plain>;
  readonly decoderGradients: Record<string, Plain>;
}

const file = new URL("../../golden/nn.json", import.meta.url);
const golden = (JSON.parse(readFileSync(file, "utf8")) as { seq2seq: Golden }).seq2seq;

const toTensors = (plain: Record<string, Plain>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(plain).map(([name, { shape, data }]) => [name, new Tensor(Float32Array.from(data), shape)]),
  );

function expectClose(got: Tensor | null | undefined, { data }: Plain, tolerance: number, what: string): void {
  expect(got?.data, what).toHaveLength(data.length);
  const worst = Math.max(...data.map((value, i) => Math.abs(value - got!.data[i])));
  expect(worst, what).toBeLessThanOrEqual(tolerance);
}

test("encoder and decoder, stepped token by token, agree with PyTorch in outputs and gradients", () => {
  const { sizes, source, target } = golden;
  const encoder = new Encoder(sizes.input, sizes.hidden);
  const decoder = new Decoder(sizes.hidden, sizes.output);
  encoder.loadStateDict(toTensors(golden.encoder));
  decoder.loadStateDict(toTensors(golden.decoder));
  scope(() => {
    let hidden: State | undefined;
    source.forEach((token, t) => {
      const [output, next] = encoder.forward(token, hidden);
      expectClose(output, golden.encoderOutputs[t], 1e-5, `encoder output ${t}`);
      hidden = next;
    });
    expectClose(hidden as Tensor, golden.encoderHidden, 1e-5, "encoder hidden");
    let loss: Tensor | null = null;
    for (let t = 0; t + 1 < target.length; t++) {
      const [logProbabilities, next] = decoder.forward(target[t], hidden);
      expectClose(logProbabilities, golden.decoderOutputs[t], 1e-5, `decoder output ${t}`);
      const own = nllLoss(reshape(logProbabilities, [1, sizes.output]), [target[t + 1]]);
      loss = loss ? add(loss, own) : own;
      hidden = next;
    }
    expectClose(hidden as Tensor, golden.decoderHidden, 1e-5, "decoder hidden");
    expect(Math.abs(loss!.item() - golden.loss)).toBeLessThanOrEqual(1e-5);
    loss!.backward();
  });
  for (const [module, gradients] of [
    [encoder, golden.encoderGradients],
    [decoder, golden.decoderGradients],
  ] as const) {
    const named = [...module.namedParameters()];
    expect(named.map(([name]) => name).sort()).toEqual(Object.keys(gradients).sort());
    for (const [name, { grad }] of named) expectClose(grad, gradients[name], 1e-4, name);
  }
});
