/** Everything that comes, as an array: `Array.fromAsync`, which Node 20 does not have. */
export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
