/** The recurrent ops once more, made of small ops, one sequence and one token at a time: slow, and easy to believe. */
import {
  add,
  concat,
  div,
  matmul,
  mean,
  mul,
  type RecurrentWeights,
  relu,
  reshape,
  sigmoid,
  slice,
  sqrt,
  stack,
  sub,
  tanh,
  transpose,
} from "../../src/autograd/index.js";
import { type Tensor, zeros } from "../../src/tensor/index.js";

export type Kind = "rnn" | "rnn relu" | "gru" | "lstm";

/** Numbers [1, n] brought to mean 0 and variance 1. */
function standardised(x: Tensor): Tensor {
  const apart = sub(x, mean(x));
  return div(apart, sqrt(add(mean(mul(apart, apart)), 1e-5)));
}

/** h and c [1, H], x [1, F] → the next h and c, by the equations of Elman, Cho and Gers. */
export function composedStep(kind: Kind, x: Tensor, h: Tensor, c: Tensor, weights: RecurrentWeights): [Tensor, Tensor] {
  const H = h.shape[1];
  const project = (input: Tensor, weight: Tensor, bias: Tensor | null, gain: Tensor | null = null): Tensor => {
    const product = matmul(input, transpose(weight, 0, 1));
    const scaled = gain ? mul(standardised(product), gain) : product;
    return bias ? add(scaled, bias) : scaled;
  };
  const fromX = project(x, weights.weightIh, weights.biasIh, weights.gainIh);
  const fromH = project(h, weights.weightHh, weights.biasHh, weights.gainHh);
  const gate = (of: Tensor, i: number): Tensor => slice(of, 1, i * H, (i + 1) * H);
  const both = (i: number): Tensor => add(gate(fromX, i), gate(fromH, i));
  if (kind === "gru") {
    const [r, z] = [sigmoid(both(0)), sigmoid(both(1))];
    const n = tanh(add(gate(fromX, 2), mul(r, gate(fromH, 2))));
    return [add(mul(sub(1, z), n), mul(z, h)), c];
  }
  if (kind === "lstm") {
    const [i, f, g, o] = [sigmoid(both(0)), sigmoid(both(1)), tanh(both(2)), sigmoid(both(3))];
    const cell = add(mul(f, c), mul(i, g));
    return [mul(o, tanh(cell)), cell];
  }
  return [kind === "rnn" ? tanh(both(0)) : relu(both(0)), c];
}

/** x [T, B, F], states [B, H] or none → [output [T, B, H], hN [B, H], and cN [B, H] for an LSTM]. */
export function composed(
  kind: Kind,
  x: Tensor,
  [h0, c0]: readonly Tensor[],
  weights: RecurrentWeights,
  { lengths, reverse = false }: { lengths?: readonly number[]; reverse?: boolean },
): Tensor[] {
  const [T, B, F] = x.shape;
  const H = weights.weightHh.shape[1];
  const none = zeros([1, H], { dtype: x.dtype });
  const columns: Tensor[] = [];
  const finals: [Tensor, Tensor][] = [];
  for (let b = 0; b < B; b++) {
    const length = lengths?.[b] ?? T;
    let h = h0 ? slice(h0, 0, b, b + 1) : none;
    let c = c0 ? slice(c0, 0, b, b + 1) : none;
    const outputs = new Array<Tensor>(T).fill(none);
    for (let i = 0; i < length; i++) {
      const t = reverse ? length - 1 - i : i;
      [h, c] = composedStep(kind, reshape(slice(slice(x, 0, t, t + 1), 1, b, b + 1), [1, F]), h, c, weights);
      outputs[t] = h;
    }
    columns.push(concat(outputs)); // [T, H]
    finals.push([h, c]);
  }
  const last = (state: 0 | 1): Tensor => concat(finals.map((final) => final[state]));
  return [stack(columns, 1), last(0), ...(kind === "lstm" ? [last(1)] : [])];
}
