import { blaming } from "../seq2seq/files/blaming.js";
import { drawSoundAlignment, readWav, type Sound, Transcriber } from "../seq2seq/index.js";
import { checkInput, checkOutput, readInput, writeOutput } from "./inputs.js";
import { type Command, configOption, UsageError } from "./options.js";
import { jsonLine, plain } from "./plain.js";
import { checkSearch, readSearch, searchOptions } from "./searchOptions.js";
import { threadsOption, useThreads } from "./threads.js";

/** How texts are searched for where there is no source text. */
export { searchOptions };

const options = {
  model: { type: "string", value: "DIR", help: "a model folder that `train --task transcribe` made (required)" },
  ...searchOptions,
  attention: {
    type: "string",
    value: "FILE.svg",
    help: "draws the first recording, and where the model looks while it writes",
  },
  threads: threadsOption,
  json: { type: "boolean", help: "prints each text as a JSON object" },
  config: configOption,
} as const;

/** Recordings that are in memory together. */
const TOGETHER = 64;

/** `seqgrad transcribe` */
export const transcribe: Command<typeof options> = {
  name: "transcribe",
  summary: "Writes down what is said in recordings, a line for each.",
  usage: "FILE.wav [FILE2.wav …] --model DIR [options]",
  options,
  positionals: ["FILE.wav"],
  manyLast: true,
  example: "  npx seqgrad transcribe a.wav b.wav --model my-model --beam 5",
  async run(values, files) {
    const { model, json = false } = values;
    if (!model) throw new UsageError("transcribe: expected --model DIR, got none");
    for (const file of files) checkInput("transcribe", file);
    const { replaceUnknown: _, ...search } = readSearch(values);
    useThreads(values.threads);
    const transcriber = Transcriber.load(model);
    checkSearch("transcribe", search, transcriber);
    if (values.attention !== undefined) {
      if (!transcriber.hasAttention)
        throw new Error("transcribe: --attention: expected a model with attention, got one without");
      checkOutput("transcribe: --attention", values.attention);
    }
    for (let from = 0; from < files.length; from += TOGETHER) {
      const some = files.slice(from, from + TOGETHER);
      const sounds = some.map(readSound);
      const frames = sounds.map((sound) => transcriber.framesOf(sound));
      for (const [i, text] of transcriber.write(frames, search).entries()) {
        process.stdout.write(json ? jsonLine({ file: some[i], text }) : `${plain(text)}\n`);
        if (from + i === 0 && values.attention !== undefined) draw(transcriber, sounds[0], text, values.attention);
      }
    }
  },
};

/** Throws `Error` on what is no recording, and on one without a sample. */
function readSound(file: string): Sound {
  const { bytes } = readInput("transcribe", file);
  const sound = blaming("transcribe: ", () => readWav(bytes, file));
  if (sound.channels[0].length > 0) return sound;
  throw new Error(`transcribe: ${file}: expected a recording with samples, got one with none`);
}

function draw(transcriber: Transcriber, sound: Sound, text: string, picture: string): void {
  const alignment = transcriber.align(sound, text);
  if (!alignment) return;
  writeOutput("transcribe: --attention", picture, drawSoundAlignment(alignment));
  process.stderr.write(`attention of the first recording drawn in ${picture}\n`);
}
