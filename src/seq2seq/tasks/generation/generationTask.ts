import type { Generator } from "../../../tensor/random.js";
import type { Files } from "../../files/store.js";
import type { LanguageModel } from "../../models/languageModel.js";
import { carried, type DecoderState, stateParts } from "../../models/state.js";
import type { Batches, BatchLoss, Carried, Task } from "../../training/task.js";
import { fingerprint } from "../fingerprint.js";
import type { TextGenerator } from "./textGenerator.js";
import { disposeState, type Piece, pieces, textLoss } from "./textLoss.js";

export interface GenerationTaskOptions {
  /** Into how many texts, read side by side, the whole is cut. */
  readonly batchSize: number;
  /** Over how many tokens a gradient goes back. */
  readonly sequenceLength: number;
  /** Draws where each epoch's pieces begin. */
  readonly generator: Generator;
  readonly files?: Files;
}

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
    disposeState(this.#spent); // its step is over
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
