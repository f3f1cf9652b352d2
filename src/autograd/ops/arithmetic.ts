import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { broadcastShapes } from "../../tensor/shape.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { type Backward, record } from "../record.js";
import { addReduced, checkDtypes, expanded, named, type Operand, toTensors } from "./operands.js";

/** One row of the table below: y = a ∘ b on operands of one length, and what its derivatives add to da and db. */
interface Rule {
  forward(y: FloatArray, a: FloatArray, b: FloatArray): void;
  da(da: FloatArray, dy: FloatArray, a: FloatArray, b: FloatArray, y: FloatArray): void;
  db(db: FloatArray, dy: FloatArray, a: FloatArray, b: FloatArray, y: FloatArray): void;
  /** Whose floats the derivatives read. */
  saved(a: Tensor, b: Tensor, y: Tensor): readonly Tensor[];
}

function binary(name: string, left: Operand, right: Operand, rule: Rule): Tensor {
  const [a, b] = toTensors(name, left, right);
  checkDtypes(name, a, b);
  const shape = broadcastShapes(name, a.shape, b.shape);
  const y = empty(name, shape, a.dtype);
  const fullA = expanded(a, shape);
  const fullB = expanded(b, shape);
  rule.forward(floatsOf(y), fullA, fullB);
  const flow: Backward = (dy, [da, db]) => {
    if (da) addReduced(da, a.shape, shape, (full) => rule.da(full, dy, fullA, fullB, floatsOf(y)));
    if (db) addReduced(db, b.shape, shape, (full) => rule.db(full, dy, fullA, fullB, floatsOf(y)));
  };
  return record(name, y, [a, b], flow, { saved: rule.saved(a, b, y) });
}

/**
 * y = a + b, of shapes that broadcast.  da = dy, db = dy
 *
 * @example
 * add(tensor([[1, 2], [3, 4]]), tensor([10, 20])).toArray(); // [[11, 22], [13, 24]]
 */
export function add(a: Operand, b: Operand): Tensor {
  return binary("add", a, b, {
    forward: (y, x, z) => kernels.add(y, x, z),
    da: (da, dy) => kernels.addScaled(da, dy, 1),
    db: (db, dy) => kernels.addScaled(db, dy, 1),
    saved: () => [],
  });
}

/** y = a − b, of shapes that broadcast.  da = dy, db = −dy */
export function sub(a: Operand, b: Operand): Tensor {
  return binary("sub", a, b, {
    forward: (y, x, z) => kernels.sub(y, x, z),
    da: (da, dy) => kernels.addScaled(da, dy, 1),
    db: (db, dy) => kernels.addScaled(db, dy, -1),
    saved: () => [],
  });
}

/** y = a · b element by element, of shapes that broadcast.  da = dy · b, db = dy · a */
export function mul(a: Operand, b: Operand): Tensor {
  return binary("mul", a, b, {
    forward: (y, x, z) => kernels.mul(y, x, z),
    da: (da, dy, _, z) => kernels.addProduct(da, dy, z),
    db: (db, dy, x) => kernels.addProduct(db, dy, x),
    saved: (x, z) => [x, z],
  });
}

/** y = a / b, of shapes that broadcast.  da = dy / b, db = −dy · y / b */
export function div(a: Operand, b: Operand): Tensor {
  return binary("div", a, b, {
    forward: (y, x, z) => kernels.div(y, x, z),
    da: (da, dy, _, z) => kernels.addQuotient(da, dy, z),
    db: (db, dy, _, z, y) => kernels.divBackwardDivisor(db, dy, y, z),
    saved: (_, z, y) => [z, y],
  });
}

/** y = −x.  dx = −dy */
export function neg(x: Tensor): Tensor {
  checkTensors("neg", x);
  return named("neg", mul(x, -1));
}
