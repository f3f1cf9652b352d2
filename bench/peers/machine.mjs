// What was measured on, and whether it is quiet.
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What a figure depends on besides the program. */
export function describeMachine() {
  const [cpu] = os.cpus();
  return {
    cpu: cpu?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.platform()} ${os.arch()}`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}

export const load = () => Number(os.loadavg()[0].toFixed(2));

/** The part of all cores' time that is in use over the next half second. The load average still has the last run in it. */
async function busy() {
  const times = () => os.cpus().map(({ times: t }) => [t.idle, t.user + t.nice + t.sys + t.irq + t.idle]);
  const before = times();
  await sleep(500);
  const spent = times().map(([idle, all], core) => [idle - before[core][0], all - before[core][1]]);
  const [idle, all] = spent.reduce((sum, [i, a]) => [sum[0] + i, sum[1] + a], [0, 0]);
  return all > 0 ? 1 - idle / all : 0;
}

/** Waits until less than a tenth of the machine is in use, at most `seconds`; says how much was in use at the end. */
export async function quiet(seconds) {
  const until = Date.now() + seconds * 1000;
  let part = await busy();
  while (part > 0.1 && Date.now() < until) {
    await sleep(2000);
    part = await busy();
  }
  return Number(part.toFixed(2));
}
