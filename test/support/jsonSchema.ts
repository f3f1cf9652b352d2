/** A JSON Schema, of those words that our OpenAPI description uses. */
export interface Schema {
  readonly [word: string]: unknown;
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: (value) => Array.isArray(value),
  null: (value) => value === null,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
const SAYS_NOTHING = ["description", "default"];

/** What is wrong with a value, each with where; nothing where it is as the schema says. `root` is what `$ref` leads into. */
export function faults(value: unknown, schema: Schema, root: object, at = "$"): string[] {
  return Object.entries(schema).flatMap(([word, expected]) => {
    if (SAYS_NOTHING.includes(word)) return [];
    const check = WORDS[word];
    if (!check) return [`${at}: unknown word ${word}`];
    return check(value, expected as never, { schema, root, at });
  });
}

interface Place {
  readonly schema: Schema;
  readonly root: object;
  readonly at: string;
}

const fails = (isWrong: boolean, { at }: Place, what: string): string[] => (isWrong ? [`${at}: ${what}`] : []);
const entries = (value: unknown): [string, unknown][] =>
  TYPES.object(value) ? Object.entries(value as Record<string, unknown>) : [];

const WORDS: Readonly<Record<string, (value: unknown, expected: never, place: Place) => string[]>> = {
  type: (value, expected: string | string[], place) =>
    fails(![expected].flat().some((type) => TYPES[type](value)), place, `expected ${expected}`),
  enum: (value, expected: unknown[], place) => fails(!expected.includes(value), place, `expected one of ${expected}`),
  minimum: (value, expected: number, place) => fails((value as number) < expected, place, `expected ≥ ${expected}`),
  maximum: (value, expected: number, place) => fails((value as number) > expected, place, `expected ≤ ${expected}`),
  maxLength: (value, most: number, place) => fails((value as string).length > most, place, `expected at most ${most}`),
  maxItems: (value, most: number, place) => fails((value as []).length > most, place, `expected at most ${most}`),
  required: (value, names: string[], place) =>
    names.flatMap((name) => fails(!entries(value).some(([own]) => own === name), place, `expected ${name}`)),
  properties: (value, properties: Readonly<Record<string, Schema>>, { root, at }) =>
    entries(value).flatMap(([name, own]) =>
      Object.hasOwn(properties, name) ? faults(own, properties[name], root, `${at}.${name}`) : [],
    ),
  additionalProperties: (value, _, place) =>
    entries(value).flatMap(([name]) => fails(!Object.hasOwn(place.schema.properties as object, name), place, name)),
  items: (value, schema: Schema, { root, at }) =>
    Array.isArray(value) ? value.flatMap((own, i) => faults(own, schema, root, `${at}[${i}]`)) : [],
  oneOf: (value, schemas: Schema[], place) => {
    const fitting = schemas.filter((own) => faults(value, own, place.root).length === 0);
    return fails(fitting.length !== 1, place, `expected one of ${schemas.length} to fit, got ${fitting.length}`);
  },
  allOf: (value, schemas: Schema[], { root, at }) => schemas.flatMap((own) => faults(value, own, root, at)),
  $ref: (value, path: string, { root, at }) => {
    const names = path.split("/").slice(1);
    const schema = names.reduce<unknown>((own, name) => (own as Record<string, unknown>)[name], root);
    return faults(value, schema as Schema, root, at);
  },
};
