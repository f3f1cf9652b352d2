// How the examples are called: what is wrong with a call is said in one line, with exit code 2.
import { parseArgs } from "node:util";

/** Says what is wrong, and ends the program. */
export function wrongCall(message) {
  console.error(message);
  process.exit(2);
}

/** What `body` returns; what it throws is the fault of what was given. */
export function given(body) {
  try {
    return body();
  } catch (error) {
    return wrongCall(error.message);
  }
}

/** What `parseArgs` reads; an option with a number for its default takes numbers alone. */
export function readCall(config) {
  const call = given(() => parseArgs(config));
  for (const [name, { type, default: initial = "" }] of Object.entries(config.options)) {
    const [value, isNumber] = [
      call.values[name],
      type === "string" && initial !== "" && !Number.isNaN(Number(initial)),
    ];
    if (isNumber && (value === "" || Number.isNaN(Number(value))))
      wrongCall(`--${name}: expected a number, got "${value}"`);
  }
  return call;
}
