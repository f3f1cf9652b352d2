/** A finite set whose members are numbered from 0, so that it can be counted and drawn from without being listed. */
export interface Space<T> {
  readonly size: number;
  /** The member of that number, from 0 to `size` − 1. */
  at(index: number): T;
}

/** A space made on first use, for there are many and few programs need them all. */
export function lazily<T>(make: () => Space<T>): Space<T> {
  let made: Space<T> | undefined;
  const space = (): Space<T> => {
    made ??= make();
    return made;
  };
  return {
    get size() {
      return space().size;
    },
    at: (index) => space().at(index),
  };
}

/** The space that holds `items`. */
export function only<T>(items: readonly T[]): Space<T> {
  return { size: items.length, at: (index) => items[index] };
}

/** One member per combination of members of the parts. */
export function combine<R extends object>(parts: { readonly [K in keyof R]: Space<R[K]> }): Space<R> {
  return lazily(() => {
    const entries = Object.entries(parts) as [keyof R, Space<R[keyof R]>][];
    const sizes = entries.map(([, part]) => part.size);
    return {
      size: sizes.reduce((product, size) => product * size, 1),
      at(index) {
        const member = {} as R;
        let rest = index;
        entries.forEach(([key, part], i) => {
          member[key] = part.at(rest % sizes[i]);
          rest = Math.floor(rest / sizes[i]);
        });
        return member;
      },
    };
  });
}

/** The members of all the parts, one part after the other. */
function union<T>(parts: readonly Space<T>[]): Space<T> {
  const ends: number[] = [];
  let size = 0;
  for (const part of parts) {
    size += part.size;
    ends.push(size);
  }
  return {
    size,
    at(index) {
      let low = 0;
      let high = parts.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (index < ends[middle]) high = middle;
        else low = middle + 1;
      }
      return parts[low].at(index - (low === 0 ? 0 : ends[low - 1]));
    },
  };
}

/** For each item, a space that depends on it. */
export function each<I, T>(items: readonly I[], spaceOf: (item: I) => Space<T>): Space<T> {
  return lazily(() => union(items.map(spaceOf)));
}

/** The space with every member changed by `change`. */
export function map<T, U>(space: Space<T>, change: (member: T) => U): Space<U> {
  return {
    get size() {
      return space.size;
    },
    at: (index) => change(space.at(index)),
  };
}
