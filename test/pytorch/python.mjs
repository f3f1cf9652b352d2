// Runs the programs of examples/pytorch.
import { execFile, execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const programs = fileURLToPath(new URL("../../examples/pytorch/", import.meta.url));
/** One thread a process, and nothing left behind. */
const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };

/** Without any of these PyTorch 1.13 fails under Python 3.11, as in Debian 12: they show the same output. */
const NEEDED = ["--redirects", "1:1", "--tee", "1:1"];

/** A Python that has PyTorch: Debian's, or the one in the path. Null where there is none. */
export function findPython() {
  const has = (python) => {
    try {
      execFileSync(python, ["-c", "import torch, numpy, torch.distributed"], { stdio: "pipe" });
      return true;
    } catch {
      return false;
    }
  };
  return ["/usr/bin/python3", "python3"].find(has) ?? null;
}

/** What a program writes to standard output, line by line. Throws with what it wrote to standard error. */
async function run(python, args, { input = "", temporary = tmpdir() } = {}) {
  const output = await new Promise((resolve, reject) => {
    const child = execFile(
      python,
      args,
      { env: { ...env, TMPDIR: temporary }, maxBuffer: 2 ** 28, timeout: 300_000 }, // one that hangs is a failure
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${args.join(" ")}: ${stderr || error.message}`));
        else resolve(stdout);
      },
    );
    child.stdin.end(input);
  });
  return output.split("\n").filter((line) => line !== "");
}

/** The translations of texts, with the ids and log-probabilities of their tokens. */
export async function translateWith(python, folder, texts) {
  const lines = await run(python, [join(programs, "translate.py"), folder, "--json"], {
    input: `${texts.join("\n")}\n`,
  });
  return lines.map((line) => JSON.parse(line));
}

/** The losses of some further steps; `processes` of them share each batch. */
export async function trainWith(python, { folder, train, valid, out, steps, processes = 1 }) {
  const shared = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", String(processes), ...NEEDED];
  const files = ["--train", train, "--valid", valid, "--out", out];
  const program = [join(programs, "train.py"), folder, ...files, "--steps", String(steps), "--json"];
  const lines = await run(python, [...(processes > 1 ? shared : []), ...program], { temporary: dirname(out) });
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line).loss);
}
