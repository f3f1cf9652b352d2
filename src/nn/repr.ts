/** How modules print: PyTorch's `extra_repr`, under the names of the options here. */

/** `name=value` for each option. */
export function named(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/** The same for those that differ from their defaults. */
export function changed(
  options: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): string[] {
  return named(Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== defaults[name])));
}
