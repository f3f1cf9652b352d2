import { expect, it } from "vitest";
import { add, graph, gru, mul, noGrad, sum } from "../../src/autograd/index.js";
import { tensor, zeros } from "../../src/tensor/index.js";

/** The same text with the process-wide numbers counted from 1. */
function renumbered(text: string): string {
  const ids = [...new Set(text.match(/%\d+/g))].map((id) => Number(id.slice(1))).sort((a, b) => a - b);
  return text.replace(/%(\d+)/g, (_, id) => `%${ids.indexOf(Number(id)) + 1}`);
}

it("prints one line for each op, latest first", () => {
  const w = tensor([[1, 2]], { requiresGrad: true });
  const squares = mul(w, w);
  expect(renumbered(graph(sum(add(squares, tensor([1])))))).toBe(
    ["%3 sum [] ← %2", "%2 add [1, 2] ← %1, ·", "%1 mul [1, 2] ← leaf [1, 2], leaf [1, 2]"].join("\n"),
  );
});

it("says which of several outputs went on", () => {
  const x = zeros([2, 1, 1], { requiresGrad: true });
  const weights = { weightIh: zeros([3, 1]), weightHh: zeros([3, 1]), biasIh: null, biasHh: null };
  const [output, hN] = gru(x, null, weights);
  expect(renumbered(graph(add(sum(output), sum(hN))))).toBe(
    [
      "%4 add [] ← %2, %3",
      "%3 sum [] ← %1.1",
      "%2 sum [] ← %1.0",
      "%1 gru [2, 1, 1], [1, 1] ← leaf [2, 1, 1], ·, ·, ·, ·, ·",
    ].join("\n"),
  );
});

it("knows leaves, constants and what backward has freed", () => {
  const x = tensor([1], { requiresGrad: true });
  expect(graph(x)).toBe("leaf [1]");
  expect(graph(noGrad(() => mul(x, 2)))).toBe("leaf [1]");
  const y = sum(mul(x, 2));
  y.backward();
  expect(renumbered(graph(y))).toBe("%1 sum (freed by backward)");
});
