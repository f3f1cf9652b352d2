/** What a writing process puts into a folder as its n-th state; every third has a file less. */
export function stateOf(n: number): Record<string, string> {
  const files = {
    "config.json": `${n}`,
    "source.json": `${n}\n`.repeat(1000),
    "model.safetensors": `${n} `.repeat(20_000),
  };
  return n % 3 === 0 ? files : { ...files, "checkpoint.safetensors": `${n}` };
}
