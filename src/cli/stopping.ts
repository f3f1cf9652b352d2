import { closeSync } from "node:fs";

/** Ctrl-C; what a system sends that shuts down or has run out of a job's time; a terminal or connection that is gone. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How soon after a Ctrl-C another is taken for its echo. */
const ECHO_MS = 200;

/** Does some work, which the first of these signals asks to stop; a second one ends the process as ever. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>, onStop: () => void): Promise<T> {
  const stopping = new AbortController();
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
  };
  const stop = (signal: NodeJS.Signals): void => {
    if (signal === "SIGHUP") process.once("exit", leaveTerminal);
    onStop();
    stopping.abort();
    // npx passes on the Ctrl-C that the terminal has sent already: that one is not a second one. What comes while
    // this waits has no handler to go to any more.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ECHO_MS);
    release();
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(stopping.signal);
  } finally {
    release();
  }
}

/** Node restores the terminal when it ends, and aborts where that is gone; what is closed it leaves alone. */
function leaveTerminal(): void {
  for (const stream of [0, 1, 2]) closeSync(stream);
}
