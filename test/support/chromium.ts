import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
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

const QUIETLY = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** One who comes to the page "/" of a site, again and again, with a browser that remembers what sites keep in it. */
export class Visitor {
  readonly #server: Server;
  readonly #profile: string;
  #told: (message: string) => void = () => {};

  private constructor(server: Server, profile: string) {
    this.#server = server;
    this.#profile = profile;
  }

  /** Of a site that is served until the running test is over. */
  static async to(site: Site): Promise<Visitor> {
    const server = createServer(async (request, response) => {
      const file = Object.hasOwn(site, request.url ?? "") ? site[request.url ?? ""] : undefined;
      response.writeHead(file || request.method === "POST" ? 200 : 404, { "content-type": file?.type ?? "text/plain" });
      response.end(file?.body);
      if (request.method === "POST") visitor.#told(await text(request));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const visitor = new Visitor(server, newFolder());
    onTestFinished(() => visitor.#close());
    return visitor;
  }

  /** Opens the page, which tells things by POST, until `isOver` says of one of them that it was the last; kills it then. */
  async visit(browser: string, isOver: (message: string) => boolean): Promise<void> {
    const { port } = this.#server.address() as AddressInfo;
    const args = [...QUIETLY, `--user-data-dir=${this.#profile}`, `http://127.0.0.1:${port}/`];
    const page = spawn(browser, args, { stdio: "ignore", detached: true });
    const ended = once(page, "close");
    const kill = (): void => void process.kill(-Number(page.pid), "SIGKILL"); // with all processes that it has made
    const tooLong = setTimeout(kill, 50_000);
    this.#told = (message) => isOver(message) && kill();
    await ended;
    clearTimeout(tooLong);
    // Its other processes may still hold the profile's files for a moment.
    for (let i = 0; i < 50 && isAlive(-Number(page.pid)); i++) await sleep(100);
  }

  /** Removes all databases of the sites that the browser has been to. */
  forget(): void {
    rmSync(join(this.#profile, "Default", "IndexedDB"), { recursive: true });
  }

  #close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Whether there is a process of this number, or with a minus any in the group of this number. */
function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
