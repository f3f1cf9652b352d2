import { formatNumbers, inspect } from "./format.js";
import { formatShape, numel, type Shape } from "./shape.js";
import { clear, currentScope, type DType, dtypeOf, type FloatArray, type Scope } from "./storage.js";

/** What autograd hangs on a tensor that an op made. Opaque here: this room knows nothing of gradients' rules. */
export interface History {
  backward(gradient: Tensor | undefined): void;
}

/** Holds the name of its class: a copy of the library knows by it the tensors of another, which are none of its own. */
export const BRAND: unique symbol = Symbol.for("seqgrad.tensor");

/** Numbers nested as deep as the tensor has dimensions; a bare number for a scalar. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** A copy of row-major numbers as nested arrays. */
export function nestNumbers(data: ArrayLike<number>, shape: Shape): NestedNumbers {
  const nest = (dim: number, start: number, length: number): NestedNumbers => {
    if (dim === shape.length) return data[start];
    const step = shape[dim] === 0 ? 0 : length / shape[dim];
    return Array.from({ length: shape[dim] }, (_, i) => nest(dim + 1, start + i * step, step));
  };
  return nest(0, 0, data.length);
}

/** Where the floats of a new tensor live: with the running scope if there is one, or for as long as their owner. */
export type Lifetime = "step" | "persistent";

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
  /** dL/d(this), same shape; filled by `backward` on leaves that require it, and added to until `zeroGrad`. */
  grad: Tensor | null = null;
  /** The op that made this tensor, for messages and for `graph`. */
  op: string;
  /** How this tensor was computed, while a gradient may still be asked for; null on leaves. */
  history: History | null = null;
  /**
   * On a gradient: the rows (first dimension) that may differ from zero, or null when any may. A batch touches few
   * rows of an embedding, and clearing, clipping and updating only those is what keeps a large vocabulary cheap.
   */
  touchedRows: Set<number> | null = null;

  readonly #array: FloatArray;
  readonly #scope: Scope | null;
  #reads = 0;

  /** Wraps `array` without copying; throws `RangeError` when its length is not the shape's. */
  constructor(array: FloatArray, shape: Shape, op = "tensor", lifetime: Lifetime = "step") {
    if (array.length !== numel(shape)) {
      throw new RangeError(
        `${op}: expected ${numel(shape)} values for shape ${formatShape(shape)}, got ${array.length}`,
      );
    }
    this.#array = array;
    this.#scope = lifetime === "step" ? currentScope() : null;
    this.shape = shape;
    this.op = op;
  }

  /**
   * The floats, to read and to write; whoever writes should take them anew each time (see `reads`).
   * Throws `Error`, naming the op that made them, once the `scope` they belong to has ended.
   */
  get data(): FloatArray {
    this.#checkScope("data");
    this.#reads++;
    return this.#array;
  }

  /** How often `data` was taken. While this stays the same, what was computed from the floats still holds. */
  get reads(): number {
    return this.#reads;
  }

  #checkScope(member: string): void {
    if (!this.#scope?.ended) return;
    throw new Error(
      `${member}: the result of ${this.op} ${formatShape(this.shape)} was made inside a scope that has ended; ` +
        "return it from the scope to keep it",
    );
  }

  get dtype(): DType {
    return dtypeOf(this.#array);
  }

  /** Whether the floats outlive every scope. */
  get isPersistent(): boolean {
    return this.#scope === null;
  }

  /** Whether the floats go with this scope. */
  belongsTo(scope: Scope): boolean {
    return this.#scope === scope;
  }

  /** The only value of a one-element tensor; throws `RangeError` on any other. */
  item(): number {
    if (this.#array.length !== 1) {
      throw new RangeError(`item: expected a tensor with one element, got shape ${formatShape(this.shape)}`);
    }
    return this.data[0];
  }

  /** A copy as nested arrays (a number for a scalar). */
  toArray(): NestedNumbers {
    return nestNumbers(this.data, this.shape);
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
    if (this.#scope?.ended) return `tensor(shape ${formatShape(this.shape)}, of a scope that has ended)`;
    return formatNumbers("tensor", this.#array, this.shape); // looking is not a read: nobody writes
  }

  [inspect](): string {
    return this.toString();
  }

  /** The same floats without history: no gradient flows through the result. */
  detach(): Tensor {
    return new Tensor(this.data, this.shape, "detach", this.isPersistent ? "persistent" : "step");
  }

  /**
   * Adds d(this)/d(leaf) to the `grad` of every leaf that requires it, then frees the history.
   * `gradient` is dL/d(this), of the same shape; a scalar may leave it out (1).
   * Throws `Error` when nothing that requires a gradient went into this tensor, when its history was freed, or when the
   * scope it belongs to has ended.
   */
  backward(gradient?: Tensor): void {
    this.#checkScope("backward");
    if (!this.history) {
      throw new Error(
        `backward: no history on the result of ${this.op} ${formatShape(this.shape)}: nothing that requires a gradient went into it`,
      );
    }
    this.history.backward(gradient);
  }

  /** Sets the gradient to zero where it may differ from it. */
  zeroGrad(): void {
    const { grad } = this;
    if (!grad) return;
    if (grad.touchedRows) {
      const width = grad.data.length / Math.max(1, grad.shape[0]);
      for (const row of grad.touchedRows) grad.data.fill(0, row * width, (row + 1) * width);
    } else clear(grad.data);
    grad.touchedRows = new Set();
  }
}
