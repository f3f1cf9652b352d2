// Opens pages in the browsers of this machine.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const place = (...paths) => paths.find((path) => path && existsSync(path));

export const browsers = [
  {
    ...{ name: "Chromium", browser: "chrome", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] },
    path: place(process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"),
  },
  {
    ...{ name: "Firefox", browser: "firefox", args: [] },
    path: place(process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"),
  },
];

export const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Opens a browser, and returns how to visit a page of these files, and how to close it. */
export async function open({ browser, args, path }) {
  const instance = await puppeteer.launch({ browser, args, executablePath: path, headless: true });
  const visit = async (files, headers, hash = "") => {
    const server = await serve(files, headers);
    const page = await instance.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    try {
      await page.goto(`http://127.0.0.1:${server.address().port}/${hash}`);
      const reports = await page.waitForFunction(() => globalThis.reports, { timeout: 150_000, polling: 100 });
      return await reports.jsonValue();
    } catch (error) {
      throw new Error([...errors, error.message].join("\n"), { cause: error });
    } finally {
      await page.close();
      server.closeAllConnections();
      server.close();
    }
  };
  return { version: await instance.version(), visit, close: () => instance.close() };
}

async function serve(files, headers) {
  const server = createServer(({ url }, response) => {
    const body = Object.hasOwn(files, url) ? files[url] : undefined;
    const type = url.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, ...headers });
    response.end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}
