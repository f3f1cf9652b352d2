import { commandLine } from "./command.mjs";
import {
  embeddings,
  history,
  lines,
  pairs,
  parallel,
  safetensors,
  settings,
  utterances,
  vocabulary,
  wav,
} from "./files.mjs";
import { journal, storeNames } from "./folders.mjs";
import { http } from "./http.mjs";
import { checkpoints, models, resumes } from "./models.mjs";
import { texts } from "./texts.mjs";

/** All targets; a case goes to each as often as its weight says. */
export const targets = [
  ...[safetensors, vocabulary, history, settings, pairs, parallel, lines, embeddings, wav, utterances],
  ...[models, checkpoints, resumes, journal, storeNames, texts, commandLine, ...http],
];
