/** Ops against PyTorch: `test/golden/ops.py` made its answers, and says what each key holds. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as ops from "../../src/autograd/index.js";
import { type NestedNumbers, type Tensor, tensor } from "../../src/tensor/index.js";
import { projection } from "../support/compare.js";
import { Differences, restored, type Stored } from "../support/golden.js";

interface Case {
  readonly output: Stored;
  readonly gradient: Stored;
}
type AlongDim = Case & { readonly dim: number };
type Reducing = AlongDim & { readonly keepdim: boolean };
type Picking = AlongDim & { readonly index: NestedNumbers };

const golden = JSON.parse(readFileSync(new URL("../golden/ops.json", import.meta.url), "utf8")) as {
  readonly x: Stored;
  readonly indexSelect: readonly Picking[];
  readonly logsumexp: readonly Reducing[];
  readonly gather: readonly Picking[];
  readonly permute: readonly (Case & { readonly dims: readonly number[] })[];
  readonly ones: Stored;
  readonly squeeze: readonly (Case & { readonly dim: number | null })[];
  readonly unsqueeze: readonly AlongDim[];
  readonly corners: Stored;
  readonly min: readonly Reducing[];
  readonly max: readonly Reducing[];
  readonly abs: readonly Case[];
  readonly clamp: readonly (Case & { readonly min: Bound; readonly max: Bound })[];
  readonly where: readonly (Case & {
    readonly condition: NestedNumbers;
    readonly other: NestedNumbers;
    readonly otherGradient?: Stored;
  })[];
};
/** None is null; NaN and ±∞ are strings. */
type Bound = number | string | null;
const { outputBound, gradientBound } = Differences;

/** Element by element: NaN where NaN is expected, and ∞ where ∞ is. */
function expectClose(got: Tensor, expected: Stored, bound: number): void {
  expect(got.shape).toEqual(expected.shape);
  const differ = expected.data.flatMap((stored, i) => {
    const [value, wanted] = [got.data[i], Number(stored)];
    return Object.is(value, wanted) || Math.abs(value - wanted) <= bound ? [] : `${i}: ${value} for ${wanted}`;
  });
  expect(differ).toEqual([]);
}

function compare(op: (x: Tensor) => Tensor, { output, gradient }: Case, input = golden.x): void {
  const x = restored(input);
  const y = op(x);
  expectClose(y, output, outputBound);
  projection(y).backward();
  expectClose(x.grad as Tensor, gradient, gradientBound);
}

it.each(golden.indexSelect)("indexSelect, dim $dim, index $index", (example) =>
  compare((x) => ops.indexSelect(x, example.dim, example.index), example),
);

it.each(golden.logsumexp)("logsumexp, dim $dim, keepdim $keepdim", (example) =>
  compare((x) => ops.logsumexp(x, example.dim, example.keepdim), example),
);

it.each(golden.gather)("gather, dim $dim, index $index", (example) =>
  compare((x) => ops.gather(x, example.dim, example.index), example),
);

it.each(golden.permute)("permute, dims $dims", (example) => compare((x) => ops.permute(x, example.dims), example));

it.each(golden.squeeze)("squeeze, dim $dim", (example) =>
  compare((x) => ops.squeeze(x, example.dim ?? undefined), example, golden.ones),
);

it.each(golden.unsqueeze)("unsqueeze, dim $dim", (example) =>
  compare((x) => ops.unsqueeze(x, example.dim), example, golden.ones),
);

for (const [name, op] of Object.entries({ min: ops.min, max: ops.max })) {
  it.each(golden[name as "min" | "max"])(`${name} with ties and NaN, dim $dim, keepdim $keepdim`, (example) =>
    compare((x) => op(x, example.dim, example.keepdim), example, golden.corners),
  );
}

it.each(golden.abs)("abs", (example) => compare(ops.abs, example, golden.corners));

const bound = (value: Bound): number | undefined => (value === null ? undefined : Number(value));
it.each(golden.clamp)("clamp, min $min, max $max", (example) =>
  compare((x) => ops.clamp(x, { min: bound(example.min), max: bound(example.max) }), example, golden.corners),
);

it.each(golden.where)("where, condition $condition, other $other", (example) => {
  const { condition, other, otherGradient } = example;
  const y = typeof other === "number" ? other : tensor(other, { requiresGrad: true });
  compare((x) => ops.where(tensor(condition), x, y), example, golden.corners);
  if (typeof y !== "number") expectClose(y.grad as Tensor, otherGradient as Stored, gradientBound);
});
