// AssemblyScript. What ../../checksum.ts computes, sixteen words at a time.

const SEED: i32 = 0x9e3779b9;
const PRIME: i32 = 0x01000193;

/** `chains` has room for 16 words. */
export function checksum(x: usize, n: i32, chains: usize): f64 {
  let a = i32x4(SEED, SEED + 1, SEED + 2, SEED + 3);
  let b = i32x4(SEED + 4, SEED + 5, SEED + 6, SEED + 7);
  let c = i32x4(SEED + 8, SEED + 9, SEED + 10, SEED + 11);
  let d = i32x4(SEED + 12, SEED + 13, SEED + 14, SEED + 15);
  for (; n >= 16; n -= 16, x += 64) {
    a = mixed(a, v128.load(x));
    b = mixed(b, v128.load(x, 16));
    c = mixed(c, v128.load(x, 32));
    d = mixed(d, v128.load(x, 48));
  }
  v128.store(chains, a);
  v128.store(chains, b, 16);
  v128.store(chains, c, 32);
  v128.store(chains, d, 48);
  for (let lane = chains; n > 0; n--, x += 4, lane += 4) store<i32>(lane, mixedWord(load<i32>(lane), load<i32>(x)));

  let forth = SEED;
  let back = PRIME;
  for (let lane: usize = 0; lane < 64; lane += 4) {
    forth = spread(forth + load<i32>(chains + lane));
    back = spread(back + load<i32>(chains + 60 - lane));
  }
  return <f64>(<u32>forth) * 2097152.0 + <f64>(<u32>back >> 11);
}

function mixed(chain: v128, words: v128): v128 {
  const x = v128.xor(chain, words);
  return i32x4.mul(v128.or(i32x4.shl(x, 13), i32x4.shr_u(x, 19)), i32x4.splat(PRIME));
}

function mixedWord(chain: i32, word: i32): i32 {
  return rotl<i32>(chain ^ word, 13) * PRIME;
}

function spread(x: i32): i32 {
  const y = (x ^ (x >>> 16)) * 0x85ebca6b;
  const z = (y ^ (y >>> 13)) * 0xc2b2ae35;
  return z ^ (z >>> 16);
}
