// How a story becomes what the model reads: a frame for each sentence, a bag of its words (Sukhbaatar et al., 2015) and, behind
// them, of the question's. So the encoder knows from the first sentence on what it is looking for.
import { seq2seq } from "seqgrad";

/** What a word counts in a frame: with 1, some eight words of 70 would hardly move a state. */
const WEIGHT = 4;
const tokenizer = new seq2seq.WordTokenizer({ lowercase: true });

/** A reader of the words in these stories, `{ question, sentences, said }`, `said` being what is to be written. */
export function readerOf(stories) {
  const tokens = ({ question, sentences }) => tokenizer.tokenize([...sentences, question].join(" "));
  const source = seq2seq.Vocabulary.build(stories.map(tokens));
  const target = seq2seq.Vocabulary.build(stories.map(({ said }) => said));
  const features = 2 * source.size;
  const idsOf = (text) => source.encode(tokenizer.tokenize(text));

  const framesOf = ({ question, sentences }) => {
    const data = new Float32Array(sentences.length * features);
    for (const [t, sentence] of sentences.entries()) {
      for (const id of idsOf(sentence)) data[t * features + id] = WEIGHT;
      for (const id of idsOf(question)) data[t * features + source.size + id] = WEIGHT;
    }
    return { data, frames: sentences.length };
  };
  return {
    features,
    target,
    /** A story as frames, and the ids of what is to be written. */
    pairOf: (story) => ({ source: framesOf(story), target: target.encode(story.said) }),
  };
}
