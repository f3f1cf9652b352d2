import { zeroed } from "../../../tensor/create.js";
import { Floats } from "../../../tensor/floats.js";
import { type Indices, intTensor } from "../../../tensor/intTensor.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, type DType, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import { floatsOf, Tensor } from "../../../tensor/tensor.js";

/**
 * Where the real tokens of a padded batch stand. Rows are ordered longest first, so that the sequences still running at
 * step t are always the first `counts[t]` rows, and what has ended is never computed.
 */
export interface Layout {
  readonly batch: number;
  /** Real tokens in all: Σ counts. */
  readonly total: number;
  /** How many sequences reach step t. */
  readonly counts: readonly number[];
  /** Where step t begins in packed order (step by step, longest sequence first). */
  readonly starts: readonly number[];
  /** Packed row → row of the padded [T · B]; null when nothing is padded and both orders are the same. */
  readonly tokens: Int32Array | null;
  /** Sorted row → row of the batch; null as above. */
  readonly order: Int32Array | null;
}

/** Throws `RangeError` unless there is one length for each sequence, from 1 to `steps`. */
export function layoutOf(op: string, steps: number, batch: number, lengths: Indices | undefined): Layout {
  if (lengths === undefined) return withoutPadding(steps, batch);
  const { data, shape } = intTensor(lengths);
  if (shape.length !== 1 || shape[0] !== batch) {
    throw new RangeError(`${op}: expected ${batch} lengths, one for each sequence, got shape [${shape.join(", ")}]`);
  }
  const wrong = data.findIndex((length) => length < 1 || length > steps);
  if (wrong >= 0)
    throw new RangeError(`${op}: expected lengths from 1 to ${steps}, got ${data[wrong]} for sequence ${wrong}`);
  if (data.every((length) => length === steps)) return withoutPadding(steps, batch);

  const order = Int32Array.from(data.keys()).sort((a, b) => data[b] - data[a] || a - b);
  const counts = Array.from({ length: steps }, (_, t) => data.reduce((n, length) => n + (length > t ? 1 : 0), 0));
  const starts: number[] = [];
  let total = 0;
  for (const count of counts) {
    starts.push(total);
    total += count;
  }
  const tokens = new Int32Array(total);
  counts.forEach((count, t) => {
    for (let i = 0; i < count; i++) tokens[starts[t] + i] = t * batch + order[i];
  });
  return { batch, total, counts, starts, tokens, order };
}

function withoutPadding(steps: number, batch: number): Layout {
  const counts = new Array<number>(steps).fill(batch);
  return { batch, total: steps * batch, counts, starts: counts.map((_, t) => t * batch), tokens: null, order: null };
}

/** Rows picked into a new array; the array itself when there is nothing to pick. */
export function gathered(x: FloatArray, rows: Int32Array | null, width: number): FloatArray {
  if (!rows) return x;
  const out = allocateUnset(rows.length * width, dtypeOf(x));
  kernels.gatherRows(out, x, rows, width);
  return out;
}

/** The adjoint of `gathered`: dx[rows[i]] += dy[i]. */
export function addScattered(dx: FloatArray, dy: FloatArray, rows: Int32Array | null, width: number): void {
  if (rows) kernels.scatterAddRows(dx, dy, rows, width);
  else kernels.addScaled(dx, dy, 1);
}

/** The rows of step t in an array of all [N, width]. */
export function rowsOf(all: FloatArray, { starts, counts }: Layout, t: number, width: number): FloatArray {
  return all.subarray(starts[t] * width, (starts[t] + counts[t]) * width);
}

/** All rows [N, width] as [T, B, width], longest sequence first, 0 past each one's end; themselves where nothing is padded. */
export function stepByStep(all: FloatArray, { starts, counts, batch, tokens }: Layout, width: number): FloatArray {
  if (!tokens) return all;
  const whole = allocate(counts.length * batch * width, dtypeOf(all));
  counts.forEach((count, t) => {
    whole.set(all.subarray(starts[t] * width, (starts[t] + count) * width), t * batch * width);
  });
  return whole;
}

/** The rows that run at step t in an array [B, width], longest sequence first. */
export function running(all: FloatArray, { counts }: Layout, t: number, width: number): FloatArray {
  return all.subarray(0, counts[t] * width);
}

/** A state [B, width] as the steps update it, longest sequence first: a copy; zeros where there is none. */
export function sorted(state: FloatArray | null, { batch, order }: Layout, width: number, dtype: DType): FloatArray {
  const copy = allocate(batch * width, dtype);
  if (state) copy.set(gathered(state, order, width));
  return copy;
}

/** Such a state in the batch's own order, as a result of `op`. */
export function unsorted(op: string, state: FloatArray, { batch, order }: Layout, width: number): Tensor {
  const result = zeroed(op, [batch, width], dtypeOf(state));
  addScattered(floatsOf(result), state, order, width);
  return result;
}

/** Rows in packed order [N, width] as a padded result of `op` [T, B, width], 0 past each sequence's end. */
export function padded(op: string, rows: FloatArray, { counts, batch, tokens }: Layout, width: number): Tensor {
  const shape = [counts.length, batch, width];
  if (!tokens) return new Tensor(new Floats(rows), shape, op);
  const result = zeroed(op, shape, dtypeOf(rows));
  addScattered(floatsOf(result), rows, tokens, width);
  return result;
}

/** Rows of a and rows of b as rows of both: [rows, m] and [rows, n] → [rows, m + n]. */
export function sideBySide(both: FloatArray, a: FloatArray, b: FloatArray, rows: number): void {
  const [m, n] = [a.length / rows, b.length / rows];
  for (let row = 0, at = 0; row < rows; row++, at += m + n) {
    both.set(a.subarray(row * m, (row + 1) * m), at);
    both.set(b.subarray(row * n, (row + 1) * n), at + m);
  }
}
