import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Generator, seq2seq } from "../../../../src/index.js";
import { TranscriptionTask } from "../../../../src/seq2seq/tasks/transcription/transcriptionTask.js";
import { beepSettings, beeps } from "../../../support/beeps.js";
import { temporaryFolder } from "../../../support/folder.js";
import { wrong } from "../../../support/wrong.js";

const { MemoryStore, Transcriber, trainTranscriber } = seq2seq;
const train = beeps(160, 1);
const valid = beeps(20, 2);
const unseen = beeps(30, 3);
const sounds = unseen.map(({ sound }) => sound);
const rightOf = (texts: readonly string[]): number => texts.filter((text, i) => text === unseen[i].text).length;

describe("trainTranscriber", () => {
  test("learns to write down what it hears, at any rate, and saves what it learned", async () => {
    const folder = join(temporaryFolder(), "model");
    const starts: seq2seq.TranscriberStart[] = [];
    const { transcriber, best } = await trainTranscriber({
      ...{ ...beepSettings, train, valid, folder, stack: 2, onStart: (start) => starts.push(start) },
    });
    const { trainUtterances, validUtterances, outputSize, criterion } = starts[0];
    expect([trainUtterances, validUtterances, outputSize, criterion]).toEqual([160, 20, 4 + 3, "wer"]);
    expect(Object.keys(best).sort()).toEqual(["cer", "exact", "loss", "wer"]);
    expect(best.exact).toBeCloseTo(100 - best.wer, 6); // each text is a word
    const texts = transcriber.transcribe(sounds);
    expect(rightOf(texts)).toBeGreaterThan(24);
    const loaded = Transcriber.load(folder);
    expect(loaded.transcribe(sounds)).toEqual(texts);
    expect(loaded.frames).toEqual({
      ...{ sampleRate: 8000, bands: 16, window: 40, hop: 20, topDb: 80, normalize: "recording" },
    });
    expect(rightOf(loaded.transcribe(sounds, { beam: 3 }))).toBeGreaterThan(24);
    const faster = beeps(30, 3, 16_000).map(({ sound: { channels, sampleRate } }) => ({
      ...{ sampleRate, channels: [channels[0], channels[0]] },
    }));
    expect(rightOf(loaded.transcribe(faster))).toBeGreaterThan(22);
    expect(loaded.transcribe([])).toEqual([]);
    loaded.dispose();
    expect(() => loaded.transcribe(sounds)).toThrow();
  });

  test("shows which moments each letter was made of", async () => {
    const { transcriber } = await trainTranscriber({ ...beepSettings, train, valid, stack: 2 });
    const one = unseen.find(({ text }) => text.length === 3)!;
    const alignment = transcriber.align(one.sound, one.text)!;
    const { frames, tokens, weights, stride, hop, text } = alignment;
    expect([text, tokens.join(""), stride, hop, frames.shape[1]]).toEqual([one.text, one.text, 2, 20, 16]);
    expect(weights.map((row) => row.length)).toEqual(new Array(4).fill(Math.ceil(frames.shape[0] / 2)));
    for (const row of weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    expect(transcriber.align(one.sound)!.text).toBe(transcriber.transcribe([one.sound])[0]);
    expect(seq2seq.drawSoundAlignment(alignment)).toMatch(/^<svg/);
  });

  test("writes words where it is asked to, and looks nowhere without attention", async () => {
    const spoken = train.map(({ sound, text }) => ({ sound, text: [...text].map((letter) => `${letter}!`).join(" ") }));
    const { transcriber } = await trainTranscriber({
      ...{ ...beepSettings, train: spoken, tokenizer: "space", epochs: 1 },
      model: { hiddenSize: 8, attention: "none" },
    });
    expect(transcriber.language.vocabulary.size).toBe(4 + 3);
    expect(transcriber.align(sounds[0])).toBeNull();
  });

  test("hears recordings otherwise in each epoch, the same for a seed, and goes on bit for bit", async () => {
    const augmented = {
      ...{ ...beepSettings, valid, epochs: 2, model: { hiddenSize: 8 }, subsample: 0 },
      ...{ speedPerturbation: 0.1, noise: 20, shift: 20, filterAugment: 6, timeMask: 2, frequencyMask: 3 },
    };
    const losses = async (options: object): Promise<number[]> => {
      const into: number[] = [];
      await trainTranscriber({ ...augmented, train, ...options, onStep: ({ loss }) => void into.push(loss) });
      return into;
    };
    const whole = await losses({});
    expect(await losses({})).toEqual(whole);
    for (const without of [
      { speedPerturbation: 0 },
      { noise: null },
      { shift: 0 },
      { filterAugment: 0 },
      { timeMask: 0 },
      { frequencyMask: 0 },
    ]) {
      expect((await losses({ ...without, epochs: 1 }))[0]).not.toBe(whole[0]);
    }
    const store = new MemoryStore();
    const stopping = new AbortController();
    const parts: number[] = [];
    const onStep = ({ loss, step }: seq2seq.StepEvent): void => {
      parts.push(loss);
      if (step === 27) stopping.abort();
    };
    await trainTranscriber({ ...augmented, train, store, signal: stopping.signal, onStep });
    await trainTranscriber({ train, valid, store, resume: true, onStep: ({ loss }) => void parts.push(loss) });
    expect(parts).toEqual(whole);
    const heard = ({ sound, text }: (typeof valid)[0]) => ({
      sound: { ...sound, channels: sound.channels.map((samples) => samples.map((sample) => sample / 2)) },
      text,
    });
    const quieter = trainTranscriber({ train, valid: valid.map(heard), store, resume: true, epochs: 3 });
    await expect(quieter).rejects.toThrow("expected the validation recordings that the run began with, got others");
    const other = trainTranscriber({ train: train.slice(1), valid, store, resume: true, epochs: 3 });
    await expect(other).rejects.toThrow(/training recordings/);
  });

  test("makes a batch that is asked for again as it was", async () => {
    const { transcriber } = await trainTranscriber({ ...beepSettings, train, epochs: 1 });
    const augmentation = {
      speedPerturbation: 0.1,
      noise: 20,
      shift: 20,
      filterAugment: 6,
      timeMask: 2,
      frequencyMask: 3,
    };
    const options = { ...augmentation, batchSize: 8, batchTokens: 1000, labelSmoothing: 0, teacherForcing: 1 };
    const batches = new TranscriptionTask(transcriber, train, valid, {
      ...options,
      generator: new Generator(1),
    }).batches();
    const [again, other] = [batches.at(3), batches.at(4)];
    expect(batches.at(3)).toEqual(again);
    expect(other).not.toEqual(again);
  });

  test("takes recordings that are drawn anew in each epoch", async () => {
    const seeds: number[] = [];
    const { transcriber } = await trainTranscriber({
      ...beepSettings,
      valid,
      train: (generator) => beeps(160, seeds[seeds.push(generator.bits()) - 1]),
    });
    expect(new Set(seeds).size).toBe(1 + beepSettings.epochs); // one for the vocabulary
    expect(rightOf(transcriber.transcribe(sounds))).toBeGreaterThan(20);
    const starts: seq2seq.TranscriberStart[] = [];
    const draw = (generator: Generator) => beeps(40, generator.bits());
    await trainTranscriber({ ...beepSettings, epochs: 1, train: draw, onStart: (start) => starts.push(start) });
    expect([starts[0].trainUtterances, starts[0].validUtterances]).toEqual([40, 2]);
  });

  test("sets a twentieth aside where nothing else judges", async () => {
    const starts: seq2seq.TranscriberStart[] = [];
    await trainTranscriber({ ...beepSettings, epochs: 1, train, onStart: (start) => starts.push(start) });
    expect([starts[0].trainUtterances, starts[0].validUtterances]).toEqual([152, 8]);
  });

  test("tells what validation texts have and no training text", async () => {
    const starts: seq2seq.TranscriberStart[] = [];
    const onStart = (start: seq2seq.TranscriberStart) => starts.push(start);
    await trainTranscriber({ ...beepSettings, epochs: 1, train, valid, onStart });
    const odd = [...valid, { sound: valid[0].sound, text: "a ü" }];
    await trainTranscriber({ ...beepSettings, epochs: 1, train, valid: odd, onStart });
    expect(starts.map(({ unknown }) => unknown)).toEqual([[], [" ", "ü"]]);
  });

  const silent = { sound: { sampleRate: 8000, channels: [new Float32Array(0)] }, text: "a" };
  test.each<[string, object, string]>([
    ["no recordings", { train: [] }, "train: expected at least one training recording, got none"],
    ["no list", { train: "abc" }, 'train: expected a list of training recordings, got "abc"'],
    ["no sound", { train: [{ text: "a" }] }, "train: expected recordings { sampleRate, channels }, got undefined at 0"],
    [
      "no samples",
      { train: [train[0], silent], valid },
      "train: expected training recordings with a sample, got none at 1",
    ],
    [
      "no text",
      { train: [{ ...train[0], text: " " }] },
      'train: expected training recordings with a text, got " " at 0',
    ],
    ["a text that is none", { valid: [{ ...train[0], text: 3 }] }, "validation recordings with a text, got 3 at 0"],
    ["a single one", { train: train.slice(0, 1) }, "train: expected two training recordings or more, or some to"],
    [
      "no list from a function",
      { train: () => undefined },
      "a function that draws a list of recordings, got undefined",
    ],
    ["noise louder than anything", { noise: -4000 }, "train: expected noise to be a number in [-200, 200]"],
    ["a shift of years", { shift: 1e12 }, "train: expected shift to be a number in [0, 60000], got 1000000000000"],
    ["a setting of translation", { subwords: 9 }, "train: expected no subwords with task transcribe, got 9"],
    ["a model's setting beside it", { hiddenSize: 3 }, "hiddenSize"],
    [
      "one table for all",
      { model: { tied: "all" } },
      "train: expected tied none or decoder, as sources are sound, got all",
    ],
    [
      "more joined layers than there are",
      { subsample: 1 },
      "train: expected numLayers 2 or more with subsample 1, got 1",
    ],
    [
      "more layers than memory has",
      { model: { numLayers: 1e9 } },
      "train: expected a model of at most 2^31 numbers, got",
    ],
    ["no rate", { sampleRate: 1 }, "train: expected sampleRate to be an integer from 100 to 1000000, got 1"],
  ])("refuses %s", async (_, options, message) => {
    await expect(trainTranscriber({ ...beepSettings, train, ...options })).rejects.toThrow(message);
  });
});

describe("Transcriber", () => {
  const language = {
    tokenizer: new seq2seq.CharacterTokenizer(),
    vocabulary: seq2seq.Vocabulary.build([["a", "b", "c"]]),
  };
  const sizes = { features: 16, outputSize: 7, hiddenSize: 4 };
  const model = new seq2seq.FrameSeq2Seq(sizes, { generator: new Generator(1) });
  const frames = { sampleRate: 8000, bands: 16 };
  const transcriber = new Transcriber({ model, language, frames });

  test("says what its files lack", () => {
    const files = transcriber.files();
    const config = JSON.parse(new TextDecoder().decode(seq2seqBytes(files["config.json"])));
    const withConfig = (other: object) => ({ ...files, "config.json": JSON.stringify({ ...config, ...other }) });
    expect(Transcriber.fromFiles(files).frames).toEqual(frames);
    expect(() => Transcriber.fromFiles(withConfig({ frames: { bands: 16 } }))).toThrow(
      'config.json: expected "frames"',
    );
    expect(() => seq2seq.TextGenerator.fromFiles(files)).toThrow('task generate, got one of "transcribe"');
  });

  test.each<[() => unknown, string]>([
    [
      () => new Transcriber({ model, language, frames: { sampleRate: 8000 } }),
      "Transcriber: expected frames of 16 bands, as the model reads them, got 40",
    ],
    [() => transcriber.transcribe(wrong(sounds[0])), "transcribe: expected a list of recordings"],
    [
      () => transcriber.transcribe(wrong([[1, 2]])),
      "transcribe: expected recordings { sampleRate, channels }, got [1, 2] at 0",
    ],
    [() => transcriber.transcribe([sounds[0], { sampleRate: 8000, channels: [new Float32Array(0)] }]), "recording 1: "],
    [() => transcriber.transcribe(sounds, wrong({ beams: 2 })), "did you mean beam?"],
    [() => transcriber.align(sounds[0], wrong(3)), "align: expected a text, got 3"],
  ])("refuses what it cannot do: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

function seq2seqBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
