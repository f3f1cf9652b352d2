import { constant } from "../../src/nn/init.js";
import type { Tensor } from "../../src/tensor/index.js";
import { floatsOf } from "../../src/tensor/tensor.js";

/**
 * Every road by which the floats of a tensor may be changed, in an order in which the first takes no `data` and the last
 * has had it all along.
 */
export function roads(x: Tensor): { readonly name: string; readonly change: () => void }[] {
  let kept: Tensor["data"] | undefined;
  return [
    { name: "an initialiser on a view", change: () => constant(x.detach(), floatsOf(x)[0] + 0.375) },
    {
      name: "data",
      change: () => {
        x.data[x.data.length - 1] += 0.375;
      },
    },
    {
      name: "data of a view",
      change: () => {
        kept = x.detach().data;
        kept[0] += 0.375;
      },
    },
    {
      name: "data that was taken before",
      change: () => {
        (kept as Tensor["data"])[0] += 0.375;
      },
    },
  ];
}
