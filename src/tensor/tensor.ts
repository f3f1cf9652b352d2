import { show } from "../show.js";
import { Floats, type Mark } from "./floats.js";
import { formatNumbers, inspect } from "./format.js";
import { type NestedNumbers, nestNumbers } from "./nested.js";
import { formatShape, numel, type Shape, sameShape } from "./shape.js";
import {
  allocate,
  allocatePersistentUnset,
  allocateUnset,
  currentScope,
  type DType,
  type FloatArray,
  type Scope,
} from "./storage.js";

export type { Lifetime, Mark } from "./floats.js";

/** What autograd hangs on a tensor that an op made. Opaque here: this room knows nothing of gradients' rules. */
export interface History {
  backward(gradient: Tensor | undefined): void;
}

/** Holds the name of its class: a copy of the library knows by it the tensors of another, which are none of its own. */
export const BRAND: unique symbol = Symbol.for("seqgrad.tensor");

// What the library's other files may do with a tensor and a user may not: set in the class, which alone sees inside.
/** The floats, to read. */
export let floatsOf: (tensor: Tensor) => FloatArray;
/** The floats, to write at once: counts as a change of this tensor and of all its views. */
export let writableFloats: (tensor: Tensor) => FloatArray;
/** Another tensor over the same floats. */
export let viewOf: (tensor: Tensor, shape: Shape, op: string) => Tensor;
/** What the floats are now, for `isUnchanged`. */
export let markOf: (tensor: Tensor) => Mark;
/** Whether the floats are still what they were at that mark, whoever might have written and by whatever road. */
export let isUnchanged: (tensor: Tensor, mark: Mark) => boolean;
/** Whether a user has ever taken the floats, of this tensor or of a view of them. */
export let isExposed: (tensor: Tensor) => boolean;
/** The gradient, for the library's own use: `Tensor.grad` is for users, who may keep it. */
export let gradOf: (tensor: Tensor) => Tensor | null;
/**
 * Gives a leaf a gradient that holds anything: the one that it had before `zeroGrad`, where nobody else can hold it, or a new
 * one, which lives as long as its leaf (perhaps longer than the scope it is first needed in).
 */
export let beginGrad: (leaf: Tensor) => Tensor;

/**
 * Floats with a shape: row-major, always contiguous. Ops are free functions (`add(x, y)`), not methods.
 *
 * @example
 * const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * sum(mul(w, w)).backward();
 * w.grad?.toArray(); // [[2, 4], [6, 8]]
 */
export class Tensor {
  readonly shape: Shape;
  /** Whether `backward` should leave a gradient here (on a leaf), or pass one through (on what an op made). */
  requiresGrad = false;
  /** The op that made this tensor, for messages and for `graph`. */
  op: string;
  /** How this tensor was computed, while a gradient may still be asked for; null on leaves. */
  history: History | null = null;

  readonly #floats: Floats;
  #grad: Tensor | null = null;
  /** Whether somebody may hold `#grad`: then it is never used again for another gradient. */
  #gradTaken = false;
  #spareGrad: Tensor | null = null;

  static {
    floatsOf = (tensor) => tensor.#living("data").read();
    writableFloats = (tensor) => tensor.#living("data").write();
    viewOf = (tensor, shape, op) => new Tensor(tensor.#living(op), shape, op);
    markOf = (tensor) => tensor.#floats.mark();
    isUnchanged = (tensor, mark) => tensor.#floats.isAt(mark);
    isExposed = (tensor) => tensor.#floats.isExposed;
    gradOf = (tensor) => tensor.#grad;
    beginGrad = (leaf) => {
      const grad = leaf.#spareGrad ?? newGrad(leaf);
      leaf.#grad = grad;
      leaf.#spareGrad = null;
      return grad;
    };
  }

  /**
   * Wraps `array` without copying: whoever holds it may go on writing to it. Throws `RangeError` when its length is not
   * the shape's.
   */
  constructor(array: FloatArray | Floats, shape: Shape, op = "tensor") {
    if (array.length !== numel(shape)) {
      throw new RangeError(
        `${op}: expected ${numel(shape)} values for shape ${formatShape(shape)}, got ${array.length}`,
      );
    }
    if (array instanceof Floats) this.#floats = array;
    else {
      this.#floats = new Floats(array);
      this.#floats.expose();
    }
    this.shape = shape;
    this.op = op;
  }

  /**
   * The floats, to read and to write, also later and as often as you like: this array is the tensor's own, and that of its
   * views (`detach`, `reshape`). What the library derives from floats, such as weights laid out for a search, holds only
   * while they are the same: by its own count of changes, and, once anybody has taken `data`, by a checksum of them. So a
   * parameter whose `data` was taken is checked again by every search. `toArray`, `item` and printing take nothing. The array
   * may outlive the tensor and its scope; a part of a parameter's (`subarray`) does not: `slice` it.
   *
   * Throws `Error`, naming the op that made them, once the `scope` they belong to has ended or they were disposed of.
   */
  get data(): FloatArray {
    return this.#living("data").expose();
  }

  /**
   * dL/d(this), same shape; filled by `backward` on leaves that require it, and added to until `zeroGrad`. A gradient that
   * was set or written by hand is one like any other.
   */
  get grad(): Tensor | null {
    this.#gradTaken = true;
    return this.#grad;
  }

  /** Throws `RangeError` on a gradient of another shape or dtype, and `TypeError` on what is no tensor. */
  set grad(grad: Tensor | null) {
    if (grad !== null) checkGradient(this, grad);
    // One that nobody can hold is kept for the next backward; any other stays what it is for who holds it.
    if (grad === null && this.#grad && !this.#gradTaken && !isExposed(this.#grad)) this.#spareGrad = this.#grad;
    this.#grad = grad;
    this.#gradTaken = grad !== null;
  }

  #living(member: string): Floats {
    const { end } = this.#floats;
    if (end !== null) throw new Error(`${member}: the result of ${this.op} ${formatShape(this.shape)} ${end}`);
    return this.#floats;
  }

  get dtype(): DType {
    return this.#floats.dtype;
  }

  /** Whether the floats outlive every scope. */
  get isPersistent(): boolean {
    return this.#floats.scope === null;
  }

  /** Whether the floats go with this scope. */
  belongsTo(scope: Scope): boolean {
    return this.#floats.scope === scope;
  }

  /** The only value of a one-element tensor; throws `RangeError` on any other. */
  item(): number {
    if (this.#floats.length !== 1) {
      throw new RangeError(`item: expected a tensor with one element, got shape ${formatShape(this.shape)}`);
    }
    return this.#living("item").read()[0];
  }

  /** A copy as nested arrays (a number for a scalar). */
  toArray(): NestedNumbers {
    return nestNumbers(this.#living("toArray").read(), this.shape);
  }

  /** The numbers as JSON has them, nested; shape and dtype are not among them. */
  toJSON(): NestedNumbers {
    return this.toArray();
  }

  get [BRAND](): string {
    return "Tensor";
  }

  /** The numbers to look at, such as `tensor([[1, 2], [3, 4]])`; long dimensions only in part. Never throws. */
  toString(): string {
    const { end } = this.#floats;
    if (end !== null) return `tensor(shape ${formatShape(this.shape)}, ${end.replace(/;.*/, "")})`;
    return formatNumbers("tensor", this.#floats.read(), this.shape);
  }

  [inspect](): string {
    return this.toString();
  }

  /** The same floats without history: no gradient flows through the result. */
  detach(): Tensor {
    return viewOf(this, this.shape, "detach");
  }

  /**
   * Adds d(this)/d(leaf) to the `grad` of every leaf that requires it, then frees the history.
   * `gradient` is dL/d(this), of the same shape; a scalar may leave it out (1).
   * Throws `Error` when nothing that requires a gradient went into this tensor, when its history was freed, when floats that
   * an op needs for its derivative have changed since, or when the scope it belongs to has ended.
   */
  backward(gradient?: Tensor): void {
    this.#living("backward");
    if (this.history) this.history.backward(gradient);
    else if (this.requiresGrad) this.#addGradient(gradient);
    else {
      throw new Error(
        `backward: no history on the result of ${this.op} ${formatShape(this.shape)}: nothing that requires a gradient went into it`,
      );
    }
  }

  /** A leaf's own: d(this)/d(this) = 1. */
  #addGradient(gradient: Tensor | undefined): void {
    const from = seedOf(gradient, this.shape, this.dtype);
    if (!this.#grad) {
      writableFloats(beginGrad(this)).set(from);
      return;
    }
    const own = writableFloats(this.#grad);
    from.forEach((value, i) => {
      own[i] += value;
    });
  }

  /**
   * Forgets the gradient: `grad` is null until the next `backward`, and optimisers leave the parameter alone. A gradient
   * that nobody has taken gives its floats to the next one.
   */
  zeroGrad(): void {
    this.grad = null;
  }

  /**
   * Frees the floats at once instead of when they are collected, and with them those of every view and of the gradient.
   * For an owner who knows that nobody needs them: taking them afterwards throws.
   */
  dispose(): void {
    for (const grad of [this.#grad, this.#spareGrad]) grad?.dispose();
    this.#grad = null;
    this.#spareGrad = null;
    this.#floats.dispose();
  }
}

function newGrad(leaf: Tensor): Tensor {
  const scope = currentScope();
  const lifetime = scope && leaf.belongsTo(scope) ? "step" : "persistent";
  const place = lifetime === "persistent" ? allocatePersistentUnset : allocateUnset;
  return new Tensor(new Floats(place(numel(leaf.shape), leaf.dtype), lifetime), leaf.shape, "grad");
}

function checkGradient({ shape, dtype }: Tensor, grad: unknown): void {
  const expected = `grad: expected a tensor of ${dtype} ${formatShape(shape)}, got`;
  if (!(grad instanceof Tensor)) throw new TypeError(`${expected} ${show(grad)}`);
  if (sameShape(grad.shape, shape) && grad.dtype === dtype) return;
  throw new RangeError(`${expected} ${grad.dtype} ${formatShape(grad.shape)}`);
}

/** Where a backward begins: `gradient`, or 1 for a scalar; throws `RangeError` when neither fits. */
export function seedOf(gradient: Tensor | undefined, shape: Shape, dtype: DType): FloatArray {
  if (gradient ? !sameShape(gradient.shape, shape) : numel(shape) !== 1) {
    const got = gradient ? `one of shape ${formatShape(gradient.shape)}` : "none";
    throw new RangeError(
      `backward: expected a gradient of shape ${formatShape(shape)} (a scalar may omit it), got ${got}`,
    );
  }
  if (gradient) return floatsOf(gradient);
  const one = allocate(1, dtype);
  one[0] = 1;
  return one;
}
