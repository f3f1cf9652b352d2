import { anything, checkOptions, type OptionTable } from "../../../options.js";
import { show } from "../../../show.js";
import { kernelSet } from "../../../tensor/kernels/index.js";
import { scope } from "../../../tensor/scope.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { version } from "../../../version.js";
import { type FrameOptions, frameOptions, isSound, soundFrames } from "../../audio/soundFrames.js";
import type { Sound } from "../../audio/wav.js";
import type { SoundAlignment } from "../../figures/soundAlignment.js";
import { blaming } from "../../files/blaming.js";
import { WEIGHTS } from "../../files/modelFolder.js";
import { encodeSealed } from "../../files/seal.js";
import type { Files } from "../../files/store.js";
import { isConfig } from "../../models/config.js";
import { FrameSeq2Seq, isFrameConfig } from "../../models/frameSeq2seq.js";
import { beamSearch } from "../../search/beam.js";
import { type BeamOptions, beamOptions } from "../../search/beamOptions.js";
import { forcedDecoding } from "../../search/forced.js";
import { greedySearch } from "../../search/greedy.js";
import { checkText } from "../../text/checkText.js";
import { decodeText, encodeText, type Language } from "../../text/index.js";
import { tokenLabel } from "../../text/language.js";
import { checkSize, configToJSON, languageToJSON, parseConfig } from "../configFiles.js";
import { type LoadOptions, loadModel, ModelFiles, type SaveOptions, saveModel, weightsOf } from "../savedModel.js";

export interface TranscriberParts {
  readonly model: FrameSeq2Seq;
  /** Of what is written. */
  readonly language: Language;
  /** How a recording becomes frames: those of training. */
  readonly frames: FrameOptions;
}

export interface TranscribeOptions extends Omit<BeamOptions, "nBest" | "allowUnknown" | "targetPrefixes" | "onStep"> {}

const PARTS: OptionTable<TranscriberParts> = { model: anything(), language: anything(), frames: anything() };
const { nBest: _, allowUnknown: __, targetPrefixes: ___, onStep: ____, ...search } = beamOptions;
const TRANSCRIBE: OptionTable<TranscribeOptions> = search;

/** The files that make up a transcriber. */
export const TRANSCRIBER_FILES = ["config.json", "target.json", WEIGHTS] as const;

/** Frames of which nothing lives in a scope: kept numbers. */
export interface KeptFrames {
  readonly data: Float32Array;
  readonly frames: number;
}

/**
 * A model over the frames of sound with all that is around it: recordings in, text out.
 *
 * @example
 * const transcriber = Transcriber.load("digits");
 * transcriber.transcribe([readWav(readFileSync("a.wav"), "a.wav")]); // ["seven three"]
 */
export class Transcriber {
  readonly model: FrameSeq2Seq;
  readonly language: Language;
  readonly frames: FrameOptions;

  /** Throws `RangeError` where frames have other bands than the model's, and on options of frames out of range. */
  constructor(parts: TranscriberParts) {
    checkOptions("Transcriber", PARTS, parts);
    checkOptions("Transcriber", frameOptions, parts.frames);
    const { features } = parts.model.config;
    const { bands = frameOptions.bands.initial } = parts.frames;
    if (bands !== features) {
      throw new RangeError(`Transcriber: expected frames of ${features} bands, as the model reads them, got ${bands}`);
    }
    this.model = parts.model;
    this.language = parts.language;
    this.frames = parts.frames;
  }

  get hasAttention(): boolean {
    return this.model.config.attention !== "none";
  }

  /**
   * One text for each recording, in their order, whatever rates and channels these have. A beam of 1, the default, is greedy
   * search. Throws `TypeError` on what are no recordings, `RangeError` on one without a sample.
   *
   * @example
   * transcriber.transcribe([{ sampleRate: 8000, channels: [samples] }], { beam: 5 });
   */
  transcribe(recordings: readonly Sound[], options: TranscribeOptions = {}): string[] {
    checkRecordings("transcribe", recordings);
    checkOptions("transcribe", TRANSCRIBE, options);
    const frames = recordings.map((sound, i) => blaming(`recording ${i}: `, () => this.framesOf(sound)));
    return this.write(frames, options);
  }

  /** The same of frames that {@link Transcriber.framesOf} made. */
  write(frames: readonly KeptFrames[], options: TranscribeOptions = {}): string[] {
    const { beam = 1, maxLength, noRepeatNgramSize, coveragePenalty } = options;
    const isGreedy = beam === 1 && !noRepeatNgramSize && !coveragePenalty;
    const found = isGreedy
      ? greedySearch(this.model, frames, { maxLength })
      : beamSearch(this.model, frames, { ...options, beam }).map(([best]) => best.ids);
    return found.map((ids) => decodeText(this.language, ids));
  }

  /**
   * Which moments the model looks at while it writes `text`, by default its own; null for a model without attention.
   * {@link drawSoundAlignment} draws it.
   */
  align(sound: Sound, text: string = this.transcribe([sound])[0]): SoundAlignment | null {
    checkText("align", text);
    const ids = encodeText(this.language, text);
    const { attention } = forcedDecoding(this.model, this.framesOf(sound), ids);
    if (!attention) return null;
    const { hop = frameOptions.hop.initial as number } = this.frames;
    const { stack, subsample } = this.model.config;
    const tokens = this.language.vocabulary.decode(ids).map((token) => tokenLabel(this.language, token));
    return { text, frames: this.#tensorOf(sound), hop, tokens, weights: attention, stride: stack * 2 ** subsample };
  }

  /** The frames that the model reads of a recording. Throws as {@link soundFrames} does. */
  framesOf(sound: Sound): KeptFrames {
    return scope(() => keep(this.#tensorOf(sound)));
  }

  #tensorOf(sound: Sound): Tensor {
    return soundFrames(sound, this.frames);
  }

  /** Writes the model folder, as {@link Translator.save}. */
  save(folder: string, options: SaveOptions = {}): void {
    saveModel(folder, () => this.files(), options);
  }

  /** Everything a model folder holds, by file name; {@link Transcriber.fromFiles} reads it back. */
  files(): Files {
    const texts = {
      "config.json": configToJSON(
        { task: "transcribe", frames: this.frames, model: this.model.config },
        { seqgrad: version, kernels: kernelSet },
      ),
      "target.json": languageToJSON(this.language),
    };
    return { ...texts, [WEIGHTS]: encodeSealed({ tensors: weightsOf(this.model), metadata: {} }, texts) };
  }

  /** The transcriber that these files are of. Throws `Error` naming the file and what is wrong with it. */
  static fromFiles(files: Files, options: LoadOptions = {}): Transcriber {
    const saved = new ModelFiles(files, "transcribe", TRANSCRIBER_FILES, options);
    const { model: config, frames } = saved.read("config.json", (bytes) => parseConfig(bytes, isFrameConfig));
    if (!isConfig(frameOptions, ["sampleRate"], frames)) {
      throw new Error(`config.json: expected "frames" with the options of frames, got ${show(frames)}`);
    }
    const language = saved.readLanguage("target.json", config.outputSize);
    const { generator } = saved;
    const model = saved.readModule((weights) => {
      checkSize(config, weights);
      return new FrameSeq2Seq(config, { generator });
    });
    return blaming("config.json: ", () => new Transcriber({ model, language, frames }));
  }

  /** Reads a model folder, as {@link Transcriber.fromFiles}. */
  static load(folder: string, options: LoadOptions = {}): Transcriber {
    return loadModel(folder, TRANSCRIBER_FILES, options, Transcriber.fromFiles);
  }

  /** Frees the model's memory at once instead of when it is collected; transcribing afterwards throws. */
  dispose(): void {
    this.model.dispose();
  }
}

/** The numbers of frames, to outlive a scope. */
export function keep(frames: Tensor): KeptFrames {
  return { data: new Float32Array(floatsOf(frames)), frames: frames.shape[0] };
}

/** Throws `TypeError` unless these are recordings in a list. */
export function checkRecordings(op: string, recordings: unknown): void {
  if (!Array.isArray(recordings)) throw new TypeError(`${op}: expected a list of recordings, got ${show(recordings)}`);
  const strange = recordings.findIndex((sound) => !isSound(sound));
  if (strange < 0) return;
  const got = `${show(recordings[strange])} at ${strange}`;
  throw new TypeError(`${op}: expected recordings { sampleRate, channels }, got ${got}`);
}
