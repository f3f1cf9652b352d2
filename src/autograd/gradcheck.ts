import { checkOptions, integer, nonNegative, type OptionTable } from "../options.js";
import { checkTensors } from "../tensor/checks.js";
import { Generator } from "../tensor/random.js";
import { formatShape } from "../tensor/shape.js";
import { floatsOf, gradOf, Tensor, writableFloats } from "../tensor/tensor.js";
import { noGrad } from "./switches.js";

export interface GradcheckOptions {
  /** Step of the differences. Default 1e-3: with a fourth-order formula in double precision the error is near 1e-12. */
  readonly eps?: number;
  /** Each element must satisfy |analytic − numeric| ≤ atol + rtol · |numeric|. Defaults 1e-9 and 1e-6. */
  readonly atol?: number;
  readonly rtol?: number;
  /** ‖analytic − numeric‖ ≤ normTolerance · max(‖analytic‖, ‖numeric‖) over all inputs together. Default 1e-7. */
  readonly normTolerance?: number;
  /** Seeds the random projection. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionTable<GradcheckOptions> = {
  eps: nonNegative(),
  atol: nonNegative(),
  rtol: nonNegative(),
  normTolerance: nonNegative(),
  seed: integer(Number.MIN_SAFE_INTEGER),
};

export interface GradcheckResult {
  /** ‖analytic − numeric‖ / max(‖analytic‖, ‖numeric‖) */
  readonly relativeError: number;
  /** The largest |analytic − numeric| of any element. */
  readonly largestDifference: number;
}

/**
 * Compares the gradients that `backward` gives with central differences, for a random projection Σ v·f(inputs) of
 * the output (which checks all its elements at once), element by element over every input that requires a gradient:
 * f′ ≈ (f(x−2ε) − 8f(x−ε) + 8f(x+ε) − f(x+2ε)) / 12ε.
 *
 * `fn` must be a pure function of the inputs, with one output (join several with `concat`). Throws `TypeError` on float32 inputs, whose differences are too coarse to
 * convict anyone, and `Error` naming the first element that disagrees.
 *
 * @example
 * const x = tensor([0.3, -1.2], { dtype: "float64", requiresGrad: true });
 * gradcheck(() => tanh(x), [x]); // { relativeError: 1e-13…, largestDifference: … }
 */
export function gradcheck(
  fn: () => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): GradcheckResult {
  checkOptions("gradcheck", OPTIONS, options);
  for (const input of inputs) checkTensors("gradcheck", input);
  const { eps = 1e-3, atol = 1e-9, rtol = 1e-6, normTolerance = 1e-7, seed = 0 } = options;
  const checked = inputs.filter((input) => input.requiresGrad);
  if (checked.length === 0) throw new TypeError("gradcheck: expected at least one input that requires a gradient");
  const coarse = inputs.find((input) => input.dtype !== "float64");
  if (coarse)
    throw new TypeError(`gradcheck: expected float64 inputs, got float32 of shape ${formatShape(coarse.shape)}`);

  const output = fn();
  const generator = new Generator(seed);
  const weights = Float64Array.from(floatsOf(output), () => generator.normal());
  for (const input of checked) input.grad = null;
  output.backward(new Tensor(weights, output.shape));
  const projected = (): number => {
    const data = floatsOf(noGrad(fn));
    let total = 0;
    for (let i = 0; i < data.length; i++) total += weights[i] * data[i];
    return total;
  };

  let differences = 0;
  let analyticNorm = 0;
  let numericNorm = 0;
  let largestDifference = 0;
  checked.forEach((input, which) => {
    const gradient = gradOf(input);
    for (let i = 0; i < floatsOf(input).length; i++) {
      const held = floatsOf(input)[i];
      const at = (step: number): number => {
        writableFloats(input)[i] = held + step * eps;
        return projected();
      };
      const numeric = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * eps);
      writableFloats(input)[i] = held;
      const analytic = gradient ? floatsOf(gradient)[i] : 0;
      const difference = Math.abs(analytic - numeric);
      if (!(difference <= atol + rtol * Math.abs(numeric))) {
        throw new Error(
          `gradcheck: input ${which} ${formatShape(input.shape)}, element ${i}: backward gives ${analytic}, differences give ${numeric}`,
        );
      }
      largestDifference = Math.max(largestDifference, difference);
      differences += difference ** 2;
      analyticNorm += analytic ** 2;
      numericNorm += numeric ** 2;
    }
  });
  const scale = Math.sqrt(Math.max(analyticNorm, numericNorm));
  // Where both are as good as 0 there is nothing to compare with.
  const relativeError = scale <= atol ? 0 : Math.sqrt(differences) / scale;
  if (relativeError > normTolerance) {
    throw new Error(`gradcheck: expected a relative error of at most ${normTolerance}, got ${relativeError}`);
  }
  return { relativeError, largestDifference };
}
