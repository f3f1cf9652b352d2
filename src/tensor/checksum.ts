const LANES = 16;
const SEED = 0x9e3779b9;
const PRIME = 0x01000193;

/**
 * 53 bits that depend on every bit of the numbers and on where it stands. Word i goes to chain i mod 16, each a row of
 * exclusive or, rotation and multiplication by an odd number, which undo no change of a single word; the chains are then
 * joined forwards and backwards, each time with the last step of MurmurHash3 (Appleby, 2011), which spreads every bit over
 * all. The plain twin of kernels/simd/checksum.ts, which gives the same number.
 */
export function checksum(array: Float32Array | Float64Array): number {
  const words = new Int32Array(array.buffer, array.byteOffset, array.byteLength / 4);
  const chains = Int32Array.from({ length: LANES }, (_, lane) => SEED + lane);
  for (let i = 0; i < words.length; i++) chains[i % LANES] = mixed(chains[i % LANES], words[i]);
  let [a, b] = [SEED, PRIME];
  for (let lane = 0; lane < LANES; lane++) {
    a = spread(a + chains[lane]);
    b = spread(b + chains[LANES - 1 - lane]);
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}

function mixed(chain: number, word: number): number {
  const x = chain ^ word;
  return Math.imul((x << 13) | (x >>> 19), PRIME);
}

function spread(x: number): number {
  const y = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const z = Math.imul(y ^ (y >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}
