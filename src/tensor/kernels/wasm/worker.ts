/**
 * Worker threads for the kernels: by `node:worker_threads` where there is one (Node.js, Bun, Deno), else as pages and
 * their workers have them, from a Blob URL.
 */

/** What a worker needs: the memory with its mailbox at `at`, the binaries, and the names of their functions. */
export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  readonly names: readonly string[];
  readonly at: number;
  /** Which worker it is, from 0 on. */
  readonly index: number;
}

/**
 * Runs `main(data)`, plain JavaScript, on a new thread that keeps no process alive. `failed` is told, in a later turn of
 * the event loop, that the thread could not begin or has ended. Returns what ends it; throws `Error` where there are no
 * threads.
 */
export function startWorker(main: string, data: WorkerData, failed: (why: string) => void): () => void {
  const { process, Worker } = globalThis as {
    process?: {
      versions?: { node?: string };
      getBuiltinModule?(name: "node:worker_threads"): typeof import("node:worker_threads");
    };
    Worker?: typeof globalThis.Worker;
  };
  const node = process?.getBuiltinModule?.("node:worker_threads");
  if (node) return startNodeWorker(node, main, data, failed);
  if (!Worker && process?.versions?.node) throw new Error("only Node.js 20.16 and later, or 22.3 and later, has more");
  if (!Worker) throw new Error("there are no worker threads here");
  return startPageWorker(Worker, main, data, failed);
}

function startNodeWorker(
  { Worker }: typeof import("node:worker_threads"),
  main: string,
  workerData: WorkerData,
  failed: (why: string) => void,
): () => void {
  const code = `(${main})(require("node:worker_threads").workerData)`;
  // Without the environment, so that no loader that the process was started with delays it. A worker's garbage is a
  // few views a job, for which V8 would let the young generation grow to 33 MB.
  const resourceLimits = { maxYoungGenerationSizeMb: 2 };
  const worker = new Worker(code, { eval: true, workerData, execArgv: [], env: {}, resourceLimits });
  worker.on("error", (error) => failed(error.message));
  worker.on("exit", () => failed("it ended"));
  worker.unref();
  return () =>
    void worker
      .removeAllListeners()
      .on("error", () => {})
      .terminate();
}

function startPageWorker(
  Worker: typeof globalThis.Worker,
  main: string,
  data: WorkerData,
  failed: (why: string) => void,
): () => void {
  const url = URL.createObjectURL(new Blob([`onmessage = ({ data }) => (${main})(data)`], { type: "text/javascript" }));
  // A worker that the page's policy forbids fails with no message; what the policy says is an event of its own.
  let forbidden = "";
  const onViolation = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent): void => {
    if (blockedURI.startsWith("blob")) {
      forbidden = `the content-security policy forbids it; it must have ${effectiveDirective} blob:`;
    }
  };
  globalThis.addEventListener("securitypolicyviolation", onViolation);
  const worker = new Worker(url, { name: "seqgrad" });
  const stop = (): void => {
    globalThis.removeEventListener("securitypolicyviolation", onViolation);
    URL.revokeObjectURL(url);
    worker.terminate();
  };
  worker.onerror = ({ message }) => {
    // Either event may come first; a page's own worker gets only this one in Firefox.
    const unknown = "the browser does not say why; a content-security policy must have worker-src blob:";
    setTimeout(() => failed(forbidden || message || unknown), 20);
  };
  worker.postMessage(data);
  return stop;
}
