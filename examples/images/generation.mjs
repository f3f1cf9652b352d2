// Handwritten digits written from their label, as a text: a language model over Braille.
//
//   npm run build && node examples/images/generation.mjs DATA [--out image-text] [--epochs 6] [--hidden 192] [--threads 2]
//     [--seed 1] [--classifier image-rows/model]
//
// A digit in black and white is 6 lines of 12 Braille characters, each of which is 2 × 4 pixels, below the line that says which
// digit it is, each behind that digit again. A model that has read thousands of these, one character after another, goes on with
// a label. DATA is described in data.mjs; `--classifier` names the model of rows.mjs, which then says how many it can read. Draws
// a sheet of digits, and `seqgrad generate --model image-text/model --context "7\n" --length 90` writes one in a terminal.
//
// Measured (seed 1, Node 24): the model of rows.mjs reads 80 of 100 digits as those that were asked for, after 5 minutes of one core.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, seq2seq, startThreads } from "seqgrad";
import { readCall } from "../call.mjs";
import { report } from "../report.mjs";
import { distorted, readDigits, SIDE } from "./data.mjs";

const { values, positionals } = readCall({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "image-text" },
    epochs: { type: "string", default: "6" },
    hidden: { type: "string", default: "192" },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    classifier: { type: "string" },
  },
});
const [epochs, hiddenSize, threads, seed] = [values.epochs, values.hidden, values.threads, values.seed].map(Number);
const { train, valid } = readDigits(positionals[0]);

const BLANK = 0x2800;
const LETTERS = "abcdef";
/** Where the dots of a Braille character stand, in the order of their bits. */
const DOTS = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [0, 3], [1, 3]]; // biome-ignore format: a table
/** Digits stand in the middle: the outer pixels are left out. */
const MARGIN = 2;
const [WIDTH, HEIGHT] = [(SIDE - 2 * MARGIN) / 2, (SIDE - 2 * MARGIN) / 4];
const LENGTH = HEIGHT * (WIDTH + 3);

/** The pixel of a dot in a cell. */
function placeOf(column, row, [x, y]) {
  return (MARGIN + 4 * row + y) * SIDE + MARGIN + 2 * column + x;
}

/**
 * The lines of a digit, its label above them. Each begins with the label, which a network would forget on the way (of 100 digits,
 * 45 could be read as theirs without), and with its letter, so that blank ones differ.
 */
function asText({ pixels, label }) {
  const cell = (column, row) => {
    const bits = DOTS.map((dot, bit) => (pixels[placeOf(column, row, dot)] > 0.5 ? 1 << bit : 0));
    return String.fromCodePoint(BLANK + bits.reduce((sum, bit) => sum + bit));
  };
  const lines = Array.from({ length: HEIGHT }, (_, row) => {
    const cells = Array.from({ length: WIDTH }, (_, column) => cell(column, row));
    return `${label}${LETTERS[row]}${cells.join("")}\n`;
  });
  return `${label}\n${lines.join("")}`;
}

/** The pixels of such lines; what is no Braille is black. */
function asPixels(text) {
  const pixels = new Float32Array(SIDE * SIDE);
  for (const [, letter, ...cells] of text.split("\n")) {
    const row = LETTERS.indexOf(letter ?? "");
    if (letter === undefined || row < 0) continue;
    for (const [column, character] of cells.slice(0, WIDTH).entries()) {
      const bits = Math.max(character.codePointAt(0) - BLANK, 0);
      DOTS.forEach((dot, bit) => {
        pixels[placeOf(column, row, dot)] = (bits >> bit) & 1;
      });
    }
  }
  return pixels;
}

const generator = new Generator(seed);
const copies = train.map(({ pixels, label }) => ({ pixels: distorted(pixels, generator), label }));
const digits = generator.shuffle([...train, ...copies]);

await startThreads(threads);
const { generator: writer } = await seq2seq.trainTextGenerator({
  ...{ train: digits.map(asText).join(""), valid: valid.map(asText).join("") },
  ...{ folder: join(values.out, "model"), overwrite: true, epochs, threads, seed, ...report() },
  model: { hiddenSize, dropout: 0.1 },
  ...{ batchSize: 32, sequenceLength: LENGTH + 2, lr: 0.003, lrDecay: "linear" },
});

const labels = Array.from({ length: 100 }, (_, i) => String(i % 10));
const before = asText(train[0]); // the model is used to another digit before
const contexts = labels.map((label) => `${before}${label}\n`);
const texts = writer.generate(contexts, { length: LENGTH, temperature: 0.8, generator });
const images = texts.map(asPixels);
console.log(texts[3]);
const picture = join(values.out, "digits.svg");
writeFileSync(picture, seq2seq.drawImages({ title: "Generated digits", images, width: SIDE, height: SIDE, labels }));
console.log(`${picture} shows ${images.length} generated digits`);
if (values.classifier !== undefined) {
  const reader = seq2seq.Classifier.load(values.classifier);
  const read = reader.classify(images.map((data) => ({ data, frames: SIDE })));
  const right = read.filter(({ label }, i) => label === labels[i]).length;
  console.log(`the model in ${values.classifier} reads ${right} of them as what they should be`);
}
