import { IntTensor } from "../../../tensor/intTensor.js";
import type { Generator } from "../../../tensor/random.js";
import { scope } from "../../../tensor/scope.js";
import type { Files } from "../../files/store.js";
import { evaluating } from "../../models/evaluating.js";
import type { LanguageModel } from "../../models/languageModel.js";
import { carried, type DecoderState, stateParts } from "../../models/state.js";
import type { Batches, BatchLoss, Carried, Task } from "../../training/task.js";
import { fingerprint } from "../fingerprint.js";
import type { TextGenerator } from "./textGenerator.js";

/** Pieces of B texts, each going on where the one before ended. */
export interface Piece {
  /** [T, B] */
  readonly input: IntTensor;
  /** [T, B]: the token after each */
  readonly target: IntTensor;
  readonly isFirst: boolean;
}

export interface GenerationTaskOptions {
  /** Into how many texts, read side by side, the whole is cut. */
  readonly batchSize: number;
  /** Over how many tokens a gradient goes back. */
  readonly sequenceLength: number;
  /** Draws where each epoch's pieces begin. */
  readonly generator: Generator;
  readonly files?: Files;
}

/** Texts that a validation reads side by side: few, as each begins without anything before it. */
const VALID_ROWS = 8;
const VALID_STEPS = 200;

/**
 * Training a language model by truncated backpropagation through time (Williams and Peng, 1990): the text is cut into as many
 * parts as a batch has rows; each step reads the next piece of all, with the states that the step before ended with.
 */
export class GenerationTask implements Task<Piece> {
  readonly model: LanguageModel;
  readonly generator: Generator;
  readonly identity: Readonly<Record<string, number>>;
  readonly #owner: TextGenerator;
  readonly #train: Int32Array;
  readonly #valid: Int32Array;
  readonly #options: GenerationTaskOptions;
  #state: DecoderState | null = null;
  #spent: DecoderState | null = null;

  readonly carried: Carried = {
    stateDict: () =>
      Object.fromEntries((this.#state ? stateParts(this.#state.hidden) : []).map((part, i) => [`${i}`, part.detach()])),
    loadStateDict: ({ 0: h, 1: c }) => {
      this.#state = h ? { hidden: carried(c ? [h, c] : h), context: null } : null;
    },
  };

  constructor(owner: TextGenerator, train: Int32Array, valid: Int32Array, options: GenerationTaskOptions) {
    this.model = owner.model;
    this.generator = options.generator;
    this.identity = { "training text": fingerprint([train]), "validation text": fingerprint([valid]) };
    this.#owner = owner;
    this.#train = train;
    this.#valid = valid;
    this.#options = options;
  }

  batches(): Batches<Piece> {
    const { batchSize, sequenceLength } = this.#options;
    const shortest = Math.min(sequenceLength, Math.floor(this.#train.length / batchSize / 2));
    const skipped = shortest > 0 ? this.generator.integer(shortest) : 0; // no two epochs have the same pieces
    return pieces(this.#train.subarray(skipped), batchSize, sequenceLength);
  }

  loss({ input, target, isFirst }: Piece): BatchLoss {
    dispose(this.#spent); // its step is over
    this.#spent = this.#state;
    const { loss, state } = this.model.loss(input, target, isFirst ? null : this.#state);
    this.#state = state;
    return { loss, count: target.data.length };
  }

  validate() {
    return { loss: textLoss(this.model, this.#valid) };
  }

  files(): Files {
    return { ...this.#owner.files(), ...this.#options.files };
  }
}

/** Mean nats a token of a text, but for the first ones of the few parts that it is read in. */
export function textLoss(model: LanguageModel, ids: Int32Array): number {
  const rows = Math.max(1, Math.min(VALID_ROWS, Math.floor(ids.length / 100)));
  const all = pieces(ids, rows, VALID_STEPS);
  return evaluating(model, () => {
    let [sum, count] = [0, 0];
    let state: DecoderState | null = null;
    for (let i = 0; i < all.length; i++) {
      const { input, target } = all.at(i) as Piece;
      const before: DecoderState | null = state;
      state = scope(() => {
        const { loss, state: after } = model.loss(input, target, before);
        sum += loss.item() * target.data.length;
        return after;
      });
      dispose(before);
      count += target.data.length;
    }
    dispose(state);
    return sum / count;
  });
}

function dispose(state: DecoderState | null): void {
  for (const part of state ? stateParts(state.hidden) : []) part.dispose();
}

/** A text as `rows` parts, and these as pieces of at most `steps` tokens; the last tokens, which fill no row, are left out. */
function pieces(ids: Int32Array, rows: number, steps: number): Batches<Piece> {
  const each = Math.floor((ids.length - 1) / rows);
  return {
    length: Math.ceil(each / steps),
    at(index) {
      const from = index * steps;
      const T = Math.min(steps, each - from);
      const window = (first: number): IntTensor =>
        new IntTensor(
          Int32Array.from({ length: T * rows }, (_, i) => ids[(i % rows) * each + first + Math.floor(i / rows)]),
          [T, rows],
        );
      return { input: window(from), target: window(from + 1), isFirst: index === 0 };
    },
  };
}
