// A model here and its graphs in a runtime, side by side.
import { noGrad, seq2seq } from "seqgrad";
import { encode, select, start, step } from "./runtimes.mjs";

const { BOS, EOS, greedySearch } = seq2seq;

/** Sentences in groups as they come, so that lengths in a group differ. */
function* groups(items, size) {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

const largest = (a, b) => {
  if (a.length !== b.length) throw new Error(`expected ${a.length} numbers, got ${b.length}`);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0); // NaN stays
};

/** The log-probabilities of rows of logits. */
function logSoftmax(logits, size) {
  const all = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += size) {
    const row = logits.subarray(from, from + size);
    const most = row.reduce((a, b) => Math.max(a, b));
    const total = most + Math.log(row.reduce((sum, x) => sum + Math.exp(x - most), 0));
    row.forEach((x, i) => {
      all[from + i] = x - total;
    });
  }
  return all;
}

/**
 * The largest difference of logits, of log-probabilities and of what attention looked at, while both write the same `targets`
 * for `sources`, lists of ids as they stand in the text. Padding is a word: it must not be read.
 */
export async function differences({ model, reverseSource }, opened, sources, targets) {
  const read = sources.map((ids) => (reverseSource ? ids.toReversed() : ids));
  const first = await encode(
    opened,
    sources.map((ids) => [...ids, EOS]),
    EOS + 1,
  );
  const unread = (weights) => (reverseSource ? rowsInOrder(weights, sources) : weights);
  const begun = noGrad(() => model.begin(read));
  return follow(begun, opened, first, targets, unread);
}

/** The same of a generator of text, which writes from the first token on. */
export async function generatorDifferences({ model }, opened, targets) {
  const begun = noGrad(() => model.begin(targets.map(() => [])));
  return follow(begun, opened, start(opened, targets.length), targets, (weights) => weights);
}

async function follow({ stepper, ...begun }, opened, first, targets, unread) {
  const most = { logits: 0, logProbabilities: 0, attention: 0 };
  let [{ state, ids }, theirs] = [begun, first];
  for (let t = 0; t <= Math.max(...targets.map(({ length }) => length)); t++) {
    const own = noGrad(() => stepper.step(ids, state));
    const other = await step(opened, ids, theirs);
    // Behind its end, a row reads what it was never meant to.
    const going = targets.flatMap(({ length }, row) => (t <= length ? [row] : []));
    const compare = (what, mine, yours) => {
      for (const row of going) most[what] = Math.max(most[what], largest(rowOf(mine, row), rowOf(yours, row)));
    };
    const rowOf = (all, row) => all.subarray((row * all.length) / ids.length, ((row + 1) * all.length) / ids.length);
    compare("logits", own.logits, other.logits);
    compare("logProbabilities", logSoftmax(own.logits, stepper.size), logSoftmax(other.logits, stepper.size));
    if (Boolean(own.attention) !== Boolean(other.attention)) throw new Error("expected both to have attention");
    if (own.attention) compare("attention", unread(own.attention), other.attention);
    [state, theirs, ids] = [own.state, other.state, targets.map((target) => target[t] ?? EOS)];
  }
  stepper.end?.();
  return most;
}

/** Weights [rows, S] over sources read from the last word on, in the order of their words. */
function rowsInOrder(weights, sources) {
  const S = weights.length / sources.length;
  return weights.map((_, i) => {
    const [row, place] = [Math.floor(i / S), i % S];
    const { length } = sources[row];
    return weights[place < length ? row * S + length - 1 - place : i];
  });
}

/** How many of the translations that greedy search writes are the same, token by token. */
export async function sameTokens(translator, opened, texts) {
  const { model } = translator;
  let same = 0;
  for (const group of groups(texts, 50)) {
    const own = greedySearch(
      model,
      group.map((text) => translator.encodeSource(text)),
    );
    const other = await greedy(
      opened,
      group.map((text) => Array.from(seq2seq.encodeText(translator.source, text))),
    );
    same += own.filter((ids, i) => ids.join() === other[i].join()).length;
  }
  return same;
}

/** The likeliest token at each step from EOS on, as `greedySearch` takes it; who has ended leaves the batch. */
async function greedy(opened, sources) {
  const written = sources.map(() => []);
  let running = sources.map((_, i) => i);
  let tokens = sources.map(() => BOS);
  let state = await encode(
    opened,
    sources.map((ids) => [...ids, EOS]),
  );
  while (running.length > 0) {
    const { logits, state: next } = await step(opened, tokens, state);
    const size = logits.length / running.length;
    tokens = running.map((_, row) => {
      let best = EOS;
      for (let id = EOS + 1; id < size; id++) if (logits[row * size + id] > logits[row * size + best]) best = id;
      return best;
    });
    const going = running.flatMap((i, row) => {
      if (tokens[row] === EOS) return [];
      return written[i].push(tokens[row]) < 2 * sources[i].length + 10 ? [row] : [];
    });
    state = select(opened, next, going);
    running = going.map((row) => running[row]);
    tokens = going.map((row) => tokens[row]);
  }
  return written;
}
