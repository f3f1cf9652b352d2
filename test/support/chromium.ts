import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { newFolder } from "./folder.js";

/** A Chromium of this machine, if there is one: the environment's CHROMIUM, or a usual place. */
export const chromium: string | undefined = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

/** What a server on this machine answers, by path. */
export type Site = Readonly<Record<string, { readonly type: string; readonly body: string | Uint8Array }>>;

/** Opens the page "/" of a site in headless Chromium, and returns its document once nothing is going on in it any more. */
export async function openPage(browser: string, site: Site, budgetMs: number): Promise<string> {
  const profile = newFolder();
  const server = await serve(site);
  const { port } = server.address() as AddressInfo;
  const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", ...quiet];
  args.push(
    `--user-data-dir=${profile}`,
    `--virtual-time-budget=${budgetMs}`,
    "--dump-dom",
    `http://127.0.0.1:${port}/`,
  );
  try {
    return await new Promise<string>((resolve, reject) => {
      execFile(browser, args, { encoding: "utf8", timeout: 50_000, killSignal: "SIGKILL" }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
    });
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function serve(site: Site): Promise<Server> {
  const server = createServer((request, response) => {
    const file = Object.hasOwn(site, request.url ?? "") ? site[request.url ?? ""] : undefined;
    response.writeHead(file ? 200 : 404, { "content-type": file?.type ?? "text/plain" });
    response.end(file?.body);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
