// npm run soak -- --help
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { soakCases } from "./cases.mjs";
import { soakServing, soakTraining } from "./hours.mjs";
import { soakKills } from "./kills.mjs";

const { values } = parseArgs({
  options: {
    ...{
      cases: { type: "string" },
      seed: { type: "string", default: "0" },
      case: { type: "string" },
      only: { type: "string" },
    },
    ...{ kills: { type: "string" }, hours: { type: "string" }, keep: { type: "string", default: "soak-failures" } },
    help: { type: "boolean" },
  },
});
const help = `Long hostile runs. Without an option: --cases 500000 --kills 500 --hours 1.

  --cases N     mutated files and inputs over every loader and parser
  --seed N      the number of the first case (0)
  --only NAME   cases of the targets alone whose name has this in it
  --case N      one case alone
  --kills N     trainings killed at random and at their writes, on 1 and 2 threads, and gone on with
  --hours H     training, and then serving, with flat memory
  --keep DIR    where what fails is kept (soak-failures)
`;
const chosen = ["cases", "case", "kills", "hours"].some((name) => values[name] !== undefined);
const amount = (name, all) => number(name, values[name] ?? (chosen ? "0" : all));
let isSound = true;

if (values.help) console.log(help);
else {
  const folder = mkdtempSync(join(tmpdir(), "seqgrad-soak-"));
  const first = number("seed", values.seed);
  const cases = amount("cases", "500000");
  const common = { only: values.only, keep: values.keep };
  if (values.case !== undefined) {
    const from = number("case", values.case);
    isSound = (await soakCases({ from, to: from + 1, folder: join(folder, "cases"), ...common })) && isSound;
  }
  if (cases > 0)
    isSound =
      (await soakCases({ from: first, to: first + cases, folder: join(folder, "cases"), ...common })) && isSound;
  const kills = amount("kills", "500");
  if (kills > 0) isSound = (await soakKills({ kills, seed: first, folder: join(folder, "kills") })) && isSound;
  const hours = amount("hours", "1");
  if (hours > 0) {
    isSound = (await soakTraining({ hours })) && isSound;
    isSound = (await soakServing({ hours })) && isSound;
  }
  rmSync(folder, { recursive: true, force: true });
  if (!isSound) process.exitCode = 1;
}

function number(name, text) {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0) return value;
  throw new Error(`soak: expected --${name} with a number ≥ 0, got ${JSON.stringify(text)}`);
}
