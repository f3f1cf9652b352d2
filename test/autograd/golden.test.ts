/** Ops against PyTorch: `test/golden/ops.py` made its answers, and says what each key holds. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { indexSelect, logsumexp } from "../../src/autograd/index.js";
import type { NestedNumbers, Tensor } from "../../src/tensor/index.js";
import { projection } from "../support/compare.js";
import { Differences, restored, type Stored } from "../support/golden.js";

interface Case {
  readonly dim: number;
  readonly output: Stored;
  readonly gradient: Stored;
}

const golden = JSON.parse(readFileSync(new URL("../golden/ops.json", import.meta.url), "utf8")) as {
  readonly x: Stored;
  readonly indexSelect: readonly (Case & { readonly index: NestedNumbers })[];
  readonly logsumexp: readonly (Case & { readonly keepdim: boolean })[];
};
const { outputBound, gradientBound } = Differences;

function compare(op: (x: Tensor) => Tensor, { output, gradient }: Case): void {
  const found = new Differences();
  const x = restored(golden.x);
  const y = op(x);
  expect(found.output(y, output)).toBeLessThanOrEqual(outputBound);
  projection(y).backward();
  expect(found.gradient(x, gradient)).toBeLessThanOrEqual(gradientBound);
}

it.each(golden.indexSelect)("indexSelect, dim $dim, index $index", (example) =>
  compare((x) => indexSelect(x, example.dim, example.index), example),
);

it.each(golden.logsumexp)("logsumexp, dim $dim, keepdim $keepdim", (example) =>
  compare((x) => logsumexp(x, example.dim, example.keepdim), example),
);
