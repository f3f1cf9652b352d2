import { anything, type OptionTable } from "../../../options.js";
import { type Indices, intTensor } from "../../../tensor/intTensor.js";
import type { View } from "../../../tensor/kernels/index.js";
import { formatShape, type Shape } from "../../../tensor/shape.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { isGradEnabled } from "../../switches.js";
import { checkShapeIs } from "../operands.js";

export interface AttentionOptions {
  /** How long each sentence of the memory is, [B], from 1 to S; what lies past its end has weight 0. Default: all S. */
  readonly lengths?: Indices;
  /**
   * Which sentence each row of queries looks at, [R], so that a beam's rows share the keys of theirs. Default: row r looks
   * at sentence r, R being B. Only where no gradient is wanted.
   */
  readonly columns?: Int32Array;
}

export const attentionOptions: OptionTable<AttentionOptions> = { lengths: anything(), columns: anything() };

/**
 * Checks what all kinds of attention take: queries of a shape [T, R, width], keys [S, B, width], values [S, B, E].
 * Throws `RangeError` on shapes, lengths or columns that do not fit.
 */
export function viewOf(
  op: string,
  query: Shape,
  keys: Tensor,
  values: Tensor,
  { lengths, columns }: AttentionOptions,
): View {
  const [steps, rows, width] = query;
  const [places, sentences] = keys.shape;
  if (query.length !== 3 || keys.shape.length !== 3 || keys.shape[2] !== width) {
    const got = `${formatShape(query)} and ${formatShape(keys.shape)}`;
    throw new RangeError(`${op}: expected a query [T, R, width] and keys [S, B, width], got ${got}`);
  }
  if (places === 0) throw new RangeError(`${op}: expected keys of one place or more, got ${formatShape(keys.shape)}`);
  checkShapeIs(op, "values", values, [places, sentences, values.shape[values.shape.length - 1]]);
  const picked = columns ? checkedColumns(op, columns, rows, sentences) : eachOwn(op, rows, sentences);
  const all = lengths === undefined ? null : checkedLengths(op, lengths, places, sentences);
  return { steps, places, sentences, columns: picked, lengths: picked.map((column) => all?.[column] ?? places) };
}

/** Throws `RangeError` where rows share sentences and a gradient is wanted: the backward kernels keep them apart. */
export function refuseColumns(op: string, columns: Int32Array | undefined, tensors: readonly (Tensor | null)[]): void {
  if (columns && isGradEnabled() && tensors.some((each) => each?.requiresGrad)) {
    throw new RangeError(`${op}: expected no columns where a gradient is wanted, got ${columns.length}`);
  }
}

function eachOwn(op: string, rows: number, sentences: number): Int32Array {
  if (rows !== sentences) {
    throw new RangeError(`${op}: expected a row of queries for each of ${sentences} sentences, got ${rows}`);
  }
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function checkedColumns(op: string, columns: Int32Array, rows: number, sentences: number): Int32Array {
  if (columns.length !== rows) {
    throw new RangeError(`${op}: expected ${rows} columns, one for each row of queries, got ${columns.length}`);
  }
  const wrong = columns.findIndex((column) => !(column >= 0 && column < sentences));
  if (wrong >= 0) {
    throw new RangeError(`${op}: expected columns from 0 to ${sentences - 1}, got ${columns[wrong]} for row ${wrong}`);
  }
  return columns;
}

function checkedLengths(op: string, lengths: Indices, places: number, sentences: number): Int32Array {
  const { data, shape } = intTensor(lengths);
  if (shape.length !== 1 || shape[0] !== sentences) {
    const got = formatShape(shape);
    throw new RangeError(`${op}: expected ${sentences} lengths, one for each sentence, got shape ${got}`);
  }
  const wrong = data.findIndex((length) => !(length >= 1 && length <= places));
  if (wrong >= 0) {
    throw new RangeError(`${op}: expected lengths from 1 to ${places}, got ${data[wrong]} for sentence ${wrong}`);
  }
  return data;
}
