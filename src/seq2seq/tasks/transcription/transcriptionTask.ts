import { Generator } from "../../../tensor/random.js";
import { scope } from "../../../tensor/scope.js";
import { resampled } from "../../audio/soundFrames.js";
import { bucketedBatches } from "../../data/bucket.js";
import { makeFrameBatch } from "../../data/frames.js";
import type { Utterance } from "../../data/utterances.js";
import type { Files } from "../../files/store.js";
import type { FrameSeq2Seq } from "../../models/frameSeq2seq.js";
import { encodeText, normalForm } from "../../text/index.js";
import { meanLoss } from "../../training/evaluate.js";
import { freeRunningInput } from "../../training/freeRunning.js";
import type { Batches, BatchLoss, Task } from "../../training/task.js";
import { fingerprint } from "../fingerprint.js";
import { type Augmentation, augmentedFrames, isAugmented } from "./augmentation.js";
import { checkUtterances } from "./checkUtterances.js";
import { isBetterTranscription, type TranscriptionScore, transcriptionScores } from "./score.js";
import { type KeptFrames, keep, type Transcriber } from "./transcriber.js";

export interface TranscriptionTaskOptions extends Augmentation {
  /** Recordings a batch, at most. */
  readonly batchSize: number;
  /** Frames a batch, padding included, at most, and tokens; a longer recording is a batch of its own. */
  readonly batchTokens: number;
  readonly labelSmoothing: number;
  /** How likely a batch is to be read from the reference rather than from the model's own tokens, from 0 to 1. */
  readonly teacherForcing: number;
  /** Orders the batches, and draws what is done to recordings, and for dropout if the model was given the same one. */
  readonly generator: Generator;
  /** Files to keep beside the transcriber's. */
  readonly files?: Files;
}

/** What is trained on: the same in each epoch, or drawn anew. */
export type TrainingUtterances = readonly Utterance[] | ((generator: Generator) => readonly Utterance[]);

/** An utterance as a batch is made of it. */
interface Prepared {
  readonly samples: Float32Array;
  readonly ids: Int32Array;
}

/** What the model reads of an utterance, and the ids of what it should write. */
interface Heard {
  readonly source: KeptFrames;
  readonly target: Int32Array;
}

/** Recordings that are transcribed together for the loss. */
const VALID_BATCH = 64;

/** Training a {@link Transcriber} on utterances, as a `run` sees it. */
export class TranscriptionTask implements Task<readonly Heard[]> {
  readonly model: FrameSeq2Seq;
  readonly generator: Generator;
  readonly identity: Readonly<Record<string, number>>;
  readonly criterion = "wer";
  readonly #owner: Transcriber;
  readonly #train: () => readonly Prepared[];
  readonly #valid: readonly Heard[];
  readonly #references: readonly string[];
  readonly #options: TranscriptionTaskOptions;
  /** What is the same in each epoch. */
  readonly #unchanging = new WeakMap<Prepared, Heard>();

  constructor(
    owner: Transcriber,
    train: TrainingUtterances,
    valid: readonly Utterance[],
    options: TranscriptionTaskOptions,
  ) {
    this.model = owner.model;
    this.generator = options.generator;
    this.#owner = owner;
    this.#options = options;
    const { language } = owner;
    const prepare = (utterances: readonly Utterance[]): Prepared[] =>
      utterances.map(({ sound, text }) => ({
        samples: resampled(sound, owner.frames.sampleRate),
        ids: encodeText(language, text),
      }));
    const fixed = typeof train === "function" ? null : prepare(train);
    const draw = (): readonly Utterance[] => {
      const utterances = (train as (generator: Generator) => readonly Utterance[])(this.generator);
      checkUtterances("drawn recording", utterances, language.tokenizer);
      return utterances;
    };
    this.#train = () => fixed ?? prepare(draw());
    this.#valid = valid.map(({ sound, text }) => ({
      source: owner.framesOf(sound),
      target: encodeText(language, text),
    }));
    this.#references = valid.map(({ text }) => normalForm(language, text));
    this.identity = {
      // Those drawn anew are another function's business.
      ...(fixed && {
        "training recordings": marks(
          train as readonly Utterance[],
          fixed.map(({ ids }) => ids),
        ),
      }),
      "validation recordings": marks(
        valid,
        this.#valid.map(({ target }) => target),
      ),
    };
  }

  batches(): Batches<readonly Heard[]> {
    const { batchSize, batchTokens } = this.#options;
    const { hop = 10, sampleRate } = this.#owner.frames;
    const train = this.#train();
    const framesIn = (samples: Float32Array): number => Math.ceil((1000 * samples.length) / sampleRate / hop);
    // Pairs are sorted by their targets first, and frames are the longer side.
    const pairs = train.map(({ samples, ids }) => ({ source: ids, target: { length: framesIn(samples) } }));
    const groups = bucketedBatches(pairs, { batchSize, batchTokens }, this.generator);
    const seed = this.generator.bits(); // of all that is drawn when a batch is asked for
    return {
      length: groups.length,
      at: (index) => {
        const generator = new Generator(seed + index);
        return Array.from(groups[index], (i) => this.#heard(train[i], generator));
      },
    };
  }

  #heard(prepared: Prepared, generator: Generator): Heard {
    const known = this.#unchanging.get(prepared);
    if (known) return known;
    const { samples, ids } = prepared;
    const source = scope(() => keep(augmentedFrames(samples, this.#owner.frames, this.#options, generator)));
    const heard = { source, target: ids };
    if (!isAugmented(this.#options)) this.#unchanging.set(prepared, heard);
    return heard;
  }

  loss(heard: readonly Heard[]): BatchLoss {
    const { labelSmoothing, teacherForcing } = this.#options;
    const batch = makeFrameBatch(heard);
    const isForced = teacherForcing === 1 || this.generator.random() < teacherForcing;
    const input = isForced ? batch : { ...batch, targetInput: freeRunningInput(this.model, batch) };
    return { loss: this.model.loss(input, { labelSmoothing }), count: batch.targets.length };
  }

  validate(): TranscriptionScore {
    const valid = this.#valid;
    // One that cannot stop yet need not be heard to the end.
    const maxLength = 2 * valid.reduce((longest, { target }) => Math.max(longest, target.length), 0) + 10;
    const texts = this.#owner.write(
      valid.map(({ source }) => source),
      { maxLength },
    );
    const lengths = valid.map(({ source }) => source.frames);
    const loss = meanLoss(this.model, lengths, VALID_BATCH, (group) => makeFrameBatch(group.map((i) => valid[i])));
    return { loss, ...transcriptionScores(texts, this.#references) };
  }

  isBetter(score: TranscriptionScore, best: TranscriptionScore): boolean {
    return isBetterTranscription(score, best);
  }

  files(): Files {
    return { ...this.#owner.files(), ...this.#options.files };
  }
}

/** What tells these utterances from others: every sample, and what was said. */
function marks(utterances: readonly Utterance[], ids: readonly Int32Array[]): number {
  const bits = ({ sound }: Utterance): Int32Array[] =>
    sound.channels.map((samples) => new Int32Array(samples.slice().buffer));
  return fingerprint(utterances.flatMap((utterance, i) => [[utterance.sound.sampleRate], ...bits(utterance), ids[i]]));
}
