/**
 * The roads to C = D + A · B, over the loops of ../simd. All lead to the same bits; ./products.ts chooses. Each cuts C
 * among threads by whole tiles, says what that costs, and hands every part to one function of the binary.
 */
import type { Call } from "./call.js";
import type { Threads } from "./threads.js";

/** A matrix in WebAssembly memory: its address, and how many bytes further its next row and its next column begin. */
export interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/** C = D + A · B, or a part of one: some rows, or some columns. */
export interface Product {
  readonly c: Matrix; // [m, n]
  readonly d: Matrix; // [m, n]: C itself, or one row for all of C's, which then are no bytes apart
  readonly a: Matrix; // [m, k]
  readonly b: Matrix; // [k, n]
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Columns of a panel, as in ../simd/packing.ts. */
const WIDTH = 8;
/** Threads share columns in twos of panels: what a row without a tile, and `dots`, compute at once. */
const COLUMNS = 2 * WIDTH;
/** Threads share rows in whole tiles of either binary, which have 4 rows or 6. */
const ROWS = 12;

// Floats that are packed together, and stay in the second cache while the other operand passes by.
const GROUP_FLOATS = 65536; // of B: 256 KB
const BLOCK_FLOATS = 131072; // of Aᵀ: 512 KB
/** Rows of Aᵀ that are packed together at most, so that there is a block for every thread. */
const BLOCK = 48;

// What this and that costs, in floating-point operations of a tiled product, of which a term has 2: measured.
const TERM = 2;
const DOTS_TERM = 6; // a term of `dots`, which transposes B on its way
const PACKED = 6; // packing one float
const TRAFFIC = 20; // reading and writing one element of C

/** Floats that n columns take in whole panels of k rows. */
export function panelFloats(k: number, n: number): number {
  return Math.ceil(n / WIDTH) * WIDTH * k;
}

/** B in panels [⌈n/8⌉][k][8] as a matrix, to be cut at whole panels only: column j begins j · k floats further. */
export function panels(at: number, k: number): Matrix {
  return { at, row: 4 * WIDTH, column: 4 * k };
}

/** How many of `size` things of `each` floats go together: whole units, as many as `floats` hold, and one at least. */
function fitting(floats: number, each: number, unit: number, size: number): number {
  return Math.min(Math.ceil(size / unit), Math.max(1, Math.floor(floats / Math.max(1, each) / unit))) * unit;
}

/** The matrix from row i and column j on. */
function from({ at, row, column }: Matrix, i: number, j: number): Matrix {
  return { at: at + i * row + j * column, row, column };
}

/** The roads over the functions of one binary. */
export function productRoads(call: Call, threads: Threads) {
  /** Calls a function of the binary with what `args` makes of some rows of the product, a whole number of `unit`s. */
  function byRows(name: string, product: Product, unit: number, cost: number, args: (part: Product) => number[]): void {
    const { c, d, a, b, k, n } = product;
    threads.split(name, product.m, unit, cost, (i, m) =>
      args({ c: from(c, i, 0), d: from(d, i, 0), a: from(a, i, 0), b, m, k, n }),
    );
  }

  /** The same with some columns. */
  function byColumns(
    name: string,
    product: Product,
    unit: number,
    cost: number,
    args: (part: Product) => number[],
  ): void {
    const { c, d, a, b, m, k } = product;
    threads.split(name, product.n, unit, cost, (j, n) =>
      args({ c: from(c, 0, j), d: from(d, 0, j), a, b: from(b, 0, j), m, k, n }),
    );
  }

  /** B [k, n] laid out in panels at `to`. */
  function pack(to: number, b: Matrix, k: number, n: number): void {
    const out = panels(to, k);
    threads.split("pack", n, WIDTH, PACKED * k * n, (j, columns) => {
      return [from(out, 0, j).at, from(b, 0, j).at, b.row, b.column, k, columns];
    });
  }

  /** All of a product's B in panels, until the call ends. */
  function packedWhole({ b, k, n }: Product): number {
    const to = call.workspace(panelFloats(k, n));
    pack(to, b, k, n);
    return to;
  }

  return {
    pack,

    /** B lies in panels. */
    packed(product: Product): void {
      const { m, k, n } = product;
      // Few rows wait for B to come from memory, a single one as long as two.
      byColumns("multiply", product, COLUMNS, TERM * Math.max(m, 2) * k * n, ({ c, d, a, b, n }) => {
        const group = fitting(GROUP_FLOATS, k, COLUMNS, n);
        return [c.at, c.row, d.at, d.row, a.at, a.row, a.column, b.at, m, k, n, group];
      });
    },

    /** Packs a group of B's columns at a time. Threads share the columns, or the rows if there are many more. */
    packing(product: Product): void {
      const { m, k, n } = product;
      const group = fitting(GROUP_FLOATS, k, COLUMNS, n);
      const args = ({ c, d, a, b, m, n }: Product): number[] => {
        const scratch = call.workspace(group * k);
        return [c.at, c.row, d.at, d.row, a.at, b.at, b.row, b.column, m, k, n, group, scratch];
      };
      if (m > 4 * n) byRows("product", product, ROWS, TERM * m * k * n, args);
      else byColumns("product", product, COLUMNS, TERM * m * k * n, args);
    },

    /** For a B whose columns are rows in memory, as they stand: row by row of C. */
    dots({ c, d, a, b, m, k, n }: Product): void {
      for (let i = 0; i < m; i++) {
        const row = { c: from(c, i, 0), d: from(d, i, 0), a: from(a, i, 0), b, m: 1, k, n };
        byColumns("dots", row, COLUMNS, DOTS_TERM * k * n, ({ c, d, a, b, n }) => [c.at, d.at, a.at, b.at, k, n]);
      }
    },

    /** For an A whose columns are rows in memory: packs all of B, and a block of A's rows at a time. */
    transposing(product: Product): void {
      const { m, k, n } = product;
      const right = packedWhole(product);
      const block = fitting(BLOCK_FLOATS, k, ROWS, Math.min(m, BLOCK));
      byRows("multiplyTN", product, block, TERM * m * k * n, ({ c, d, a, m }) => {
        const scratch = call.workspace(block * k);
        return [c.at, c.row, d.at, d.row, a.at, a.column, right, m, k, n, block, scratch];
      });
    },

    /** The same with A as it stands, each line of C being written once. */
    shortSums(product: Product): void {
      const { m, k, n } = product;
      const right = packedWhole(product);
      byRows("shortTN", product, 2, (TERM * k + TRAFFIC) * m * n, ({ c, d, a, m }) => {
        return [c.at, c.row, d.at, d.row, a.at, a.column, right, m, k, n];
      });
    },
  };
}
