import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
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
  const visitor = await Visitor.to(site);
  const args = [...visitor.args, `--virtual-time-budget=${budgetMs}`, "--dump-dom", visitor.address];
  try {
    return await new Promise<string>((resolve, reject) => {
      execFile(browser, args, { encoding: "utf8", timeout: 50_000, killSignal: "SIGKILL" }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
    });
  } finally {
    await visitor.close();
  }
}

/** One who comes to the page "/" of a site, again and again, with a browser that remembers what sites keep in it. */
export class Visitor {
  readonly args: readonly string[];
  readonly address: string;
  readonly #server: Server;
  readonly #profile: string;
  #told: (message: string) => void = () => {};

  private constructor(server: Server, profile: string) {
    this.#server = server;
    this.#profile = profile;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    const plain = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"];
    this.args = [...plain, ...quiet, `--user-data-dir=${profile}`];
  }

  static async to(site: Site): Promise<Visitor> {
    const server = createServer(async (request, response) => {
      const file = Object.hasOwn(site, request.url ?? "") ? site[request.url ?? ""] : undefined;
      response.writeHead(file || request.method === "POST" ? 200 : 404, { "content-type": file?.type ?? "text/plain" });
      response.end(file?.body);
      if (request.method === "POST") visitor.#told(await text(request));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const visitor = new Visitor(server, newFolder());
    return visitor;
  }

  /** Opens the page, which tells things by POST, until `isOver` says of one of them that it was the last; kills it then. */
  async visit(browser: string, isOver: (message: string) => boolean): Promise<void> {
    const page: ChildProcess = spawn(browser, [...this.args, this.address], { stdio: "ignore", detached: true });
    const ended = once(page, "close");
    const kill = (): void => void process.kill(-Number(page.pid), "SIGKILL"); // with all processes that it has made
    const tooLong = setTimeout(kill, 50_000);
    this.#told = (message) => isOver(message) && kill();
    await ended;
    clearTimeout(tooLong);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
