/** A value of a wrong type, for the tests of what is said about one. */
export const wrong = (value: unknown): never => value as never;
