import type { GradcheckOptions } from "../../src/autograd/index.js";
import type { Tensor } from "../../src/tensor/index.js";

/** One case of the gradient check: the leaves to vary, and a pure function of them. */
export interface Check {
  readonly label: string;
  readonly inputs: readonly Tensor[];
  readonly fn: () => Tensor;
  readonly options?: GradcheckOptions;
}

export function check(label: string, inputs: readonly Tensor[], fn: (...inputs: Tensor[]) => Tensor): Check {
  return { label, inputs, fn: () => fn(...inputs) };
}

/** Steps 50 times smaller, so that no difference steps over the corner of a relu inside a network. */
export function withSmallSteps(checks: readonly Check[]): Check[] {
  return checks.map((each) => ({ ...each, options: { eps: 2e-5 } }));
}
