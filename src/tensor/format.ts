import { formatShape, numel, type Shape } from "./shape.js";

/** The method that Node's `console.log` asks an object for. Elsewhere it is a symbol like any other. */
export const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** A dimension longer than twice this is shown by so many of its first and of its last entries. */
const EDGE = 3;

/** Numbers as nested rows, for people: to five digits, and with what is left out of long dimensions as "…". */
export function formatNumbers(name: string, data: ArrayLike<number>, shape: Shape): string {
  let isWhole = true;
  const nest = (dim: number, start: number): string => {
    if (dim === shape.length) return formatNumber(data[start]);
    const size = shape[dim];
    const step = numel(shape.slice(dim + 1));
    const rows = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, i) => nest(dim + 1, start + (from + i) * step));
    if (size <= 2 * EDGE) return `[${rows(0, size).join(", ")}]`;
    isWhole = false;
    return `[${[...rows(0, EDGE), "…", ...rows(size - EDGE, size)].join(", ")}]`;
  };
  const numbers = nest(0, 0);
  return `${name}(${numbers}${isWhole ? "" : `, shape ${formatShape(shape)}`})`;
}

/** Five digits are what a float32 has to tell; integers are exact. */
function formatNumber(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(5)));
}
