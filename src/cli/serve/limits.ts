import { between, integer, integerUpTo } from "../../options.js";
import type { Values } from "../options.js";

/** What one process takes on, as options of the command. */
export const limitOptions = {
  gather: {
    type: "number",
    value: "MS",
    ...between(0, 60_000),
    help: "waits so long for more texts to go with the first (5)",
  },
  batch: { type: "number", value: "N", ...integer(1), help: "translates at most N texts at once (64)" },
  "batch-characters": {
    type: "number",
    value: "N",
    ...integer(1),
    help: "and, of more than one, at most N characters, which bounds the memory (8192)",
  },
  "max-queue": { type: "number", value: "N", ...integer(1), help: "at most N texts wait; then 503 (1024)" },
  "max-texts": {
    type: "number",
    value: "N",
    ...integer(1),
    help: "at most N in a request, and as many as may wait (64)",
  },
  "max-characters": { type: "number", value: "N", ...integer(1), help: "at most N characters in a text (1000)" },
  "max-beam": { type: "number", value: "N", ...integer(1), help: "at most a beam of N (8)" },
  "max-body": { type: "number", value: "BYTES", ...integer(1), help: "at most so large a request (1048576)" },
  "max-connections": { type: "number", value: "N", ...integer(1), help: "at most N clients at once (1000)" },
  timeout: {
    type: "number",
    value: "SECONDS",
    ...between(0.001, 86_400),
    help: "a request may take so long to arrive, and as long to be answered (30)",
  },
} as const;

export const portOption = {
  type: "number",
  value: "N",
  ...integerUpTo(65535, 0),
  help: "where it listens; 0 is any that is free (8080)",
} as const;

/** The same by name. */
export interface Limits {
  /** In milliseconds. */
  readonly gather: number;
  readonly batch: number;
  /** Of a batch of more than one text. */
  readonly batchCharacters: number;
  readonly queue: number;
  readonly texts: number;
  /** Unicode code points. */
  readonly characters: number;
  readonly beam: number;
  readonly body: number;
  readonly connections: number;
  /** In milliseconds. */
  readonly timeout: number;
}

export function readLimits(values: Values<typeof limitOptions>): Limits {
  const queue = values["max-queue"] ?? 1024;
  return {
    gather: values.gather ?? 5,
    batch: values.batch ?? 64,
    batchCharacters: values["batch-characters"] ?? 8192,
    queue,
    texts: Math.min(values["max-texts"] ?? 64, queue),
    characters: values["max-characters"] ?? 1000,
    beam: values["max-beam"] ?? 8,
    body: values["max-body"] ?? 2 ** 20,
    connections: values["max-connections"] ?? 1000,
    timeout: Math.round(1000 * (values.timeout ?? 30)), // Node takes whole milliseconds only
  };
}
