import type { AddressInfo } from "node:net";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { type Command, configOption, UsageError } from "./options.js";
import { plain } from "./plain.js";
import { checkSearch, readSearch, searchOptions, unknownOptions } from "./searchOptions.js";
import { Engine, type EngineData } from "./serve/engine.js";
import { limitOptions, portOption, readLimits } from "./serve/limits.js";
import { makeServer, type TranslationServer } from "./serve/server.js";
import { translateFor } from "./serve/translating.js";
import { stoppable } from "./stopping.js";
import { threadsOption, useThreads } from "./threads.js";
import { modelsOption, openTranslator } from "./translators.js";

/** The command itself: dist/shared/, where this is bundled into, is as deep as src/cli/. */
const COMMAND = new URL("../cli/main.js", import.meta.url);

const options = {
  model: modelsOption,
  host: { type: "string", value: "NAME", help: "the address where it listens (127.0.0.1: this machine alone may ask)" },
  port: portOption,
  ...searchOptions,
  ...unknownOptions,
  ...limitOptions,
  threads: threadsOption,
  config: configOption,
} as const;

/** `seqgrad serve` */
export const serve: Command<typeof options> = {
  name: "serve",
  summary: "Translates over HTTP: POST /translate, GET /health, /metrics and /openapi.json.",
  usage: "[--model DIR] [--port N] [options]",
  options,
  positionals: [],
  example: `  npx seqgrad serve --model my-model --port 8080
  curl -H 'Content-Type: application/json' -d '{"text": "They sleep.", "beam": 5}' http://127.0.0.1:8080/translate`,
  async run(values) {
    if (!isMainThread) {
      const { stop, models, threads, search } = workerData as EngineData;
      const port = parentPort!;
      try {
        useThreads(threads);
        const translator = await openTranslator("serve", models);
        checkSearch("serve", search, translator);
        translateFor(port, translator, search, stop);
      } catch (error) {
        port.postMessage({ kind: "failed", message: (error as Error).message });
      }
      return;
    }
    const { model: models, threads: wanted } = values;
    const limits = readLimits(values);
    const own = readSearch({ ...values, "replace-unknown": values["replace-unknown"] ?? !models });
    if (own.beam! > limits.beam) {
      throw new UsageError(`serve: expected --beam to be at most --max-beam, ${limits.beam}, got ${own.beam}`);
    }
    const engine = new Engine(COMMAND, { models, threads: wanted, search: own });
    try {
      const { kernelSet, threads } = await engine.ready();
      const note = (message: string): void => void process.stderr.write(`${plain(message)}\n`);
      const serving = makeServer({
        compute: (batch, signal) => engine.compute(batch, signal),
        ...{ limits, beam: own.beam ?? 1, report: note },
      });
      const url = await listen(serving, values.host ?? "127.0.0.1", values.port ?? 8080);
      process.stdout.write(`${url}\n`);
      note(`translates at ${url}/translate (kernels ${kernelSet}, threads ${threads}); Ctrl-C stops`);
      await stoppable(
        async (signal) => {
          const stopped = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
          const reason = await Promise.race([stopped, engine.ended]);
          if (reason) {
            serving.server.close().closeAllConnections();
            throw reason;
          }
          await serving.stop();
        },
        () => note("stopping: answers what it has been asked"),
      );
    } finally {
      await engine.end();
      // Who began this process with a channel to it, as node:cluster does, need not close that for it to end.
      process.channel?.unref();
    }
  },
};

/** Where it listens then. Throws `Error` where it cannot. */
async function listen({ server }: TranslationServer, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const faults: Record<string, string> = {
        EADDRINUSE: `expected a port that is free, got ${port}`,
        EACCES: `expected a port that it may have, got ${port}`,
        EADDRNOTAVAIL: `expected an address of this machine, got ${host}`,
        ENOTFOUND: `expected an address of this machine, got ${host}`,
      };
      reject(new Error(`serve: ${faults[code ?? ""] ?? message}`));
    });
    server.listen(port, host, resolve);
  });
  const { address, family, port: own } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${own}`;
}
