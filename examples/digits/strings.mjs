// What both examples of digits share: pairs that are all different, and how many of them a model gets right.

/** `count` pairs with different sources, as `draw` makes them. */
export function differentPairs(count, draw) {
  const pairs = new Map();
  while (pairs.size < count) {
    const pair = draw();
    pairs.set(pair.source, pair);
  }
  return [...pairs.values()];
}

/** How many of some pairs the model writes without a mistake, and the first ones that it does not. */
export function countExact(translator, pairs) {
  const written = translator.translate(pairs.map(({ source }) => source));
  const wrong = pairs.map((pair, i) => ({ ...pair, written: written[i] })).filter((one) => one.written !== one.target);
  return { exact: pairs.length - wrong.length, wrong: wrong.slice(0, 3) };
}
