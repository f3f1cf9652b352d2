import { show } from "../../../show.js";
import type { Generator } from "../../../tensor/random.js";
import { floatsOf, Tensor } from "../../../tensor/tensor.js";
import { countFrames, type Frames } from "../../data/frames.js";
import { SourceGroups } from "../../data/holdOut.js";
import type { Classifier } from "./classifier.js";
import type { ModelInput } from "./inputs.js";

/** A text, or frames [T, F], and what it is. */
export interface Labelled {
  readonly input: string | Frames;
  readonly label: string;
}

/** Where examples come from: a list, or whatever gives them one by one, such as a file that is being read. */
export type LabelledInputs = Iterable<Labelled> | AsyncIterable<Labelled>;

/** Examples that were read; all are of one kind. */
export interface Examples {
  readonly all: readonly Labelled[];
  /** How many were left out, as their text or label is blank. */
  readonly empty: number;
}

/** Inputs as a model reads them, and the class of each. */
export interface EncodedExamples {
  readonly inputs: readonly ModelInput[];
  readonly classes: Int32Array;
}

/**
 * Reads examples as they come. Throws `TypeError` on what is none, or of another kind than the first, `RangeError` on frames
 * of another width.
 */
export async function readExamples(op: string, source: LabelledInputs): Promise<Examples> {
  const isMany =
    typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (!isMany)
    throw new TypeError(`${op}: expected examples { input, label } in a list or one by one, got ${show(source)}`);
  const all: Labelled[] = [];
  let [read, empty] = [0, 0];
  let width: number | null = null;
  for await (const example of source) {
    const own = widthOf(op, example, read++);
    if (isBlank(example.label) || (typeof example.input === "string" && isBlank(example.input))) {
      empty++;
      continue;
    }
    width ??= own;
    if (own !== width) {
      throw new TypeError(`${op}: expected ${kindOf(width)}, as the first, got ${kindOf(own)} at ${read - 1}`);
    }
    all.push(example);
  }
  return { all, empty };
}

/** Examples as numbers. Throws `Error` on a label that the classifier has not, `TypeError` on inputs of another kind. */
export function encodeExamples(op: string, owner: Classifier, examples: readonly Labelled[]): EncodedExamples {
  const inputs = examples.map(({ input }, i) => owner.encode(op, input, i));
  const classOf = new Map(owner.labels.map((label, i) => [label, i]));
  const classes = Int32Array.from(examples, ({ label }) => {
    const own = classOf.get(label);
    if (own !== undefined) return own;
    throw new Error(`${op}: expected labels that the classifier has, got ${show(label)}`);
  });
  return { inputs, classes };
}

/** Numbers of a frame; 0 of a text. */
export function frameWidth(input: string | Frames): number {
  if (typeof input === "string") return 0;
  return input instanceof Tensor ? input.shape[1] : input.data.length / input.frames;
}

/** The numbers of frames, as they are: what tells these frames from others. */
export function frameBits(frames: Frames): Int32Array {
  const numbers = Float32Array.from(frames instanceof Tensor ? floatsOf(frames) : frames.data);
  return new Int32Array(numbers.buffer);
}

/**
 * Sets aside a twentieth of the examples, at most 1,000: texts with all that are the same but for case and spacing.
 */
export function setAside(all: readonly Labelled[], generator: Generator): [train: Labelled[], valid: Labelled[]] {
  const groups = new SourceGroups();
  for (const [i, { input }] of all.entries()) groups.add(typeof input === "string" ? input : String(i), true);
  const isHeld = groups.choose(1000, generator);
  return [all.filter((_, i) => !isHeld(i)), all.filter((_, i) => isHeld(i))];
}

function widthOf(op: string, example: Labelled, index: number): number {
  const { input, label } = (example ?? {}) as Partial<Labelled>;
  if (typeof label === "string" && typeof input === "string") return 0;
  const count = countFrames(input);
  const width = count === undefined ? 0 : frameWidth(input as Frames);
  if (typeof label === "string" && Number.isInteger(width) && width > 0) return width;
  const got = `${show(example)} at ${index}`;
  throw new TypeError(`${op}: expected { input, label } with a text or frames, and a text, got ${got}`);
}

function kindOf(width: number): string {
  return width === 0 ? "a text" : `frames of ${width} numbers`;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
