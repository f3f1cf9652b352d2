// HTTP bodies, and requests as they come over the wire, for `seqgrad serve`, which runs in a process of its own meanwhile.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { anyText, jsonText, mutateBytes, mutateJson } from "../mutate.mjs";
import { Violation } from "./files.mjs";

const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const encode = (text) => new TextEncoder().encode(text);
const LIMITS = [
  "--max-texts",
  "4",
  "--max-characters",
  "300",
  "--max-beam",
  "4",
  "--max-body",
  "20000",
  "--timeout",
  "1",
];
/** What a request may be answered with; 500 is none of it. */
const STATUSES = [200, 400, 404, 405, 408, 411, 413, 414, 415, 417, 422, 431, 501, 503, 504, 505];
/** Resident memory that the server may take. */
const LIMIT_MB = 512;
const BODIES = [
  { text: "the dog sleeps." },
  { text: ["the cat", "a bird eats an apple."], beam: 2, nBest: 2, lengthPenalty: 0.5, maxLength: 5 },
  { text: "a cat", stream: true, targetPrefix: "a", replaceUnknown: true },
];

let port = 0;

const requests = {
  name: "HTTP",
  weight: 2,
  make(random) {
    const body = encode(jsonText(random, mutateJson(random, BODIES[random.integer(BODIES.length)])));
    const path = random.integer(20) ? "/translate" : encodeURI(anyText(random).toWellFormed?.().slice(0, 500) ?? "/");
    const method = random.integer(20) ? "POST" : "PUT";
    const type = random.integer(20) ? "application/json" : "text/plain";
    const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const whole = new Uint8Array(Buffer.concat([encode(head), random.integer(3) ? body : mutateBytes(random, body)]));
    return { "request.http": random.integer(4) ? whole : mutateBytes(random, whole) };
  },
  async start({ samplesFolder, folder }) {
    port = await serve(join(samplesFolder, "translate"), join(folder, "server.pid"));
  },
  async run(files, _, folder) {
    const answer = await send(files["request.http"]);
    const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
    const strange = statuses.find((status) => !STATUSES.includes(status));
    if (strange !== undefined) throw new Violation(`answered ${answer.slice(0, 400)}`);
    const health = await send(encode("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    if (!health.startsWith("HTTP/1.1 200")) throw new Violation(`not healthy afterwards: ${health.slice(0, 200)}`);
    const peak = peakOf(readFileSync(join(folder, "server.pid"), "utf8"));
    if (peak > LIMIT_MB) throw new Violation(`the server took ${Math.round(peak)} MB, above ${LIMIT_MB}`);
  },
};

/** What a server answers, until it ends the connection. */
function send(bytes) {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    socket.setEncoding("latin1").on("data", (text) => {
      answer += text;
    });
    socket.on("error", () => {}).on("close", () => resolve(answer));
  });
}

/** Starts the server; its port. Whoever watches this process ends it by the number in `pidFile`, should this process not. */
function serve(model, pidFile) {
  const server = spawn(
    process.execPath,
    [command, "serve", "--model", model, "--port", "0", "--threads", "1", ...LIMITS],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  writeFileSync(pidFile, String(server.pid));
  process.on("exit", () => server.kill("SIGKILL"));
  return new Promise((resolve, reject) => {
    server.stdout.once("data", (text) => resolve(Number(/:(\d+)\s*$/.exec(text)?.[1])));
    server.once("exit", (code) => reject(new Violation(`the server ended with ${code}`)));
  });
}

/** The most resident memory that a process has taken, in MB; 0 where the system does not say. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** None before there is the command. */
export const http = existsSync(new URL("../../../src/cli/serve.ts", import.meta.url)) ? [requests] : [];
