// AssemblyScript. The loop of ../js/topIndices.ts, sixteen numbers at a time: most of a row is below its k largest.

export function topIndices(ids: usize, x: usize, rows: i32, n: i32, first: i32, k: i32): void {
  const wide = (<usize>n) << 2;
  const last = (<usize>(k - 1)) << 2;
  for (; rows > 0; rows--, x += wide, ids += last + 4) {
    let i = first;
    for (let count = 0; count < k; count++) insert(ids, x, i++, count);
    for (i = nextAbove(x, i, n, ids + last); i < n; i = nextAbove(x, i + 1, n, ids + last)) insert(ids, x, i, k - 1);
  }
}

function at(x: usize, i: i32): f32 {
  return f32.load(x + ((<usize>i) << 2));
}

/** Puts i into the sorted list, from `place` on to the front. */
function insert(ids: usize, x: usize, i: i32, place: i32): void {
  const own = at(x, i);
  let to = ids + ((<usize>place) << 2);
  for (; to > ids && own > at(x, i32.load(to - 4)); to -= 4) i32.store(to, i32.load(to - 4));
  i32.store(to, i);
}

/** Where the next number stands that is larger than the one that `least` points to; n if there is none. */
function nextAbove(x: usize, i: i32, n: i32, least: usize): i32 {
  const bound = at(x, i32.load(least));
  const bounds = f32x4.splat(bound);
  for (; i + 16 <= n; i += 16) {
    const p = x + ((<usize>i) << 2);
    const one = v128.or(f32x4.gt(v128.load(p), bounds), f32x4.gt(v128.load(p, 16), bounds));
    const other = v128.or(f32x4.gt(v128.load(p, 32), bounds), f32x4.gt(v128.load(p, 48), bounds));
    if (v128.any_true(v128.or(one, other))) break;
  }
  while (i < n && !(at(x, i) > bound)) i++;
  return i;
}
