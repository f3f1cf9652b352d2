import { streamLines } from "../../data/lines.js";
import { readEmbeddings, setEmbeddings } from "../../text/index.js";
import type { DataSettings } from "../settings.js";
import type { Translator } from "./translator.js";

/**
 * Has the embeddings of a new model begin with the vectors of the files that the settings name. Throws `Error` on a file that
 * cannot be read, or whose vectors are of another width.
 */
export async function startEmbeddings({ model, source, target }: Translator, settings: DataSettings): Promise<void> {
  const sides = [
    { name: "sourceEmbeddings", vocabulary: source.vocabulary, embedding: model.encoder.embedding },
    { name: "targetEmbeddings", vocabulary: target.vocabulary, embedding: model.decoder.embedding },
  ] as const;
  for (const { name, vocabulary, embedding } of sides) {
    const file = settings[name];
    if (file === null) continue;
    const vectors = await readEmbeddings(streamLines(file), { file, vocabulary });
    if (vectors.size !== embedding.embeddingDim) {
      const expected = `vectors of ${embedding.embeddingDim} numbers, the embeddingSize`;
      throw new Error(`train: expected ${name} to have ${expected}, got ${vectors.size} in ${file}`);
    }
    if (setEmbeddings(embedding, vocabulary, vectors) > 0) continue;
    throw new Error(`train: expected ${name} to have a word of the vocabulary, got none in ${file}`);
  }
}
