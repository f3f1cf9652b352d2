// Multi30k as its task1/tok folder has it: train, val and test_2016_flickr, .en and .fr, one lowercased sentence a line with
// its tokens apart by a space. The corpus is at https://github.com/multi30k/dataset; no line of it is in this repository.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { seq2seq } from "seqgrad";

const SPLITS = { train: "train", valid: "val", test: "test_2016_flickr" };

/** The pairs of each split; ends the program where a file is missing. */
export function readMulti30k(folder) {
  const files = Object.values(SPLITS).flatMap((split) => [`${split}.en`, `${split}.fr`]);
  const missing = files.filter((name) => !existsSync(join(folder ?? "", name)));
  if (folder === undefined || missing.length > 0) {
    console.error(`expected a folder with ${files.join(", ")}: one sentence a line, its tokens apart by a space`);
    console.error(`got ${folder === undefined ? "none" : `${folder}, without ${missing.join(", ")}`}`);
    process.exit(2);
  }
  const side = (name) => ({ bytes: readFileSync(join(folder, name)), file: name });
  const read = ([part, split]) => [part, seq2seq.readParallel(side(`${split}.en`), side(`${split}.fr`))];
  return Object.fromEntries(Object.entries(SPLITS).map(read));
}

/** BLEU on the tokens themselves, of a beam of 5. */
export function testBleu(translator, pairs) {
  const translations = translator.translate(
    pairs.map(({ source }) => source),
    { beam: 5 },
  );
  const references = pairs.map(({ target }) => target);
  return seq2seq.bleu(translations, references, { tokenize: "none" }).score;
}
