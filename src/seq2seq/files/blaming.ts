/**
 * What `body` returns. What it throws is said to be the fault of what it reads: `prefix`, such as "config.json: ", goes before
 * the message. Running out of memory is no file's fault, and goes on as it is.
 */
export function blaming<T>(prefix: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const { message } = error as Error;
    throw isMemoryShort(message) ? error : new Error(prefix + message, { cause: error });
  }
}

/** As V8, JavaScriptCore and SpiderMonkey say it, and the kernels. */
function isMemoryShort(message: string): boolean {
  return /allocation failed|out of memory|allocation size overflow|memory that is full/i.test(message);
}
