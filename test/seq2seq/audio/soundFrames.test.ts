import { expect, test } from "vitest";
import { logMel, normalizeFrames, resample, soundFrames } from "../../../src/seq2seq/index.js";
import { tone } from "../../support/tones.js";
import { wrong } from "../../support/wrong.js";

const [left, right] = [tone(440, 22_050, 0.3), tone(900, 22_050, 0.3)];
const sound = { sampleRate: 22_050, channels: [left, right] };
const mean = left.map((x, i) => (x + right[i]) / 2);

test("soundFrames is the mean of the channels, resampled, in bands, normalised", () => {
  const samples = resample(mean, 22_050, 8000);
  const raw = logMel(samples, { sampleRate: 8000, bands: 20, hop: 20, window: 40 });
  const options = { sampleRate: 8000, bands: 20, hop: 20, window: 40 };
  expect(soundFrames(sound, { ...options, normalize: "none" }).toArray()).toEqual(raw.toArray());
  expect(soundFrames(sound, options).toArray()).toEqual(normalizeFrames(raw).toArray());
  expect(soundFrames(sound, { sampleRate: 8000 }).shape).toEqual([31, 40]);
});

test.each<[() => unknown, string]>([
  [() => soundFrames(wrong(undefined), { sampleRate: 8000 }), "expected a recording { sampleRate, channels }, got und"],
  [() => soundFrames(sound, wrong({})), "expected sampleRate to be an integer from 100 to 1000000, got undefined"],
  [() => soundFrames(sound, wrong({ sampleRate: 8000, normalise: "none" })), "did you mean normalize?"],
  [
    () => soundFrames({ sampleRate: 8000, channels: [] }, { sampleRate: 8000 }),
    "expected at least one channel, got none",
  ],
])("refuses what it cannot do: %#", (call, message) => {
  expect(call).toThrow(message);
});
