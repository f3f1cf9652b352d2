// The processes of a measurement: one for each library and setting, so that none disturbs another.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const cores = os.availableParallelism();

/** Installs the peers on first use; says why not where that fails. */
export function installPeers() {
  if (existsSync(join(here, "node_modules", ".package-lock.json"))) return null;
  console.error("installing the peers into bench/peers (once)");
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
    return null;
  } catch (error) {
    return `its installation failed: ${error.message}`;
  }
}

/** A Python that has PyTorch, or null. */
export function findPyTorch() {
  const has = (python) => {
    try {
      execFileSync(python, ["-c", "import torch"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  return ["python3", "/usr/bin/python3"].find(has) ?? null;
}

/** Folder of the models that onnxruntime runs, which PyTorch writes once; null where it cannot. */
function exportOnnx(python) {
  const folder = join(here, "node_modules", ".cache", "onnx");
  if (existsSync(join(folder, "decoder.onnx"))) return folder;
  if (!python) return null;
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync(python, [join(here, "export_onnx.py"), folder], { stdio: ["ignore", "ignore", "inherit"] });
    return folder;
  } catch {
    return null;
  }
}

/**
 * All processes wanted: { name, setting, command, args, env }, and for what cannot run { name, missing: why }.
 * `nodes` are further Node binaries for seqgrad.
 */
export function processes({ only, nodes }) {
  const node = (script, setting = "", env = {}, command = process.execPath) => ({
    setting,
    command,
    args: [join(here, script)],
    env,
  });
  const wants = (name) => only.length === 0 || only.includes(name);
  const threadCounts = cores > 1 ? [1, cores] : [1];
  const list = [];
  const add = (name, ...entries) => {
    if (wants(name)) for (const entry of entries) list.push({ name, ...entry });
  };

  for (const command of [process.execPath, ...nodes]) {
    const version = execFileSync(command, ["--version"], { encoding: "utf8" }).trim();
    const ours = (n) => node("seqgrad.mjs", `${version}, threads ${n}`, { SEQGRAD_THREADS: String(n) }, command);
    add("seqgrad", ...threadCounts.map(ours));
  }

  const python = wants("pytorch") || wants("onnxruntime") ? findPyTorch() : null;
  // Its best setting depends on the case: its own threads and those of its matrix products are set apart.
  const settings = threadCounts.flatMap((own) => threadCounts.map((blas) => [own, blas]));
  if (python) {
    const torch = ([own, blas]) => ({
      setting: `threads ${own}, OpenBLAS ${blas}`,
      command: python,
      args: [join(here, "pytorch.py")],
      env: { TORCH_THREADS: String(own), OPENBLAS_NUM_THREADS: String(blas) },
    });
    add("pytorch", ...settings.map(torch));
  } else add("pytorch", { missing: "no python3 with PyTorch was found" });

  const peers = ["jax", "tfjs", "deepbox", "brain", "onnxruntime"].filter(wants);
  const failed = peers.length > 0 ? installPeers() : null;
  for (const name of peers) {
    if (failed) add(name, { missing: failed });
    else if (name === "onnxruntime") {
      const folder = exportOnnx(python);
      const onnx = (n) => {
        const env = { ONNX_THREADS: String(n), ...(folder && { ONNX_FOLDER: folder }) };
        return node("onnxruntime.mjs", `threads ${n}`, env);
      };
      add(name, ...threadCounts.map(onnx));
    } else add(name, node(`${name}.mjs`));
  }
  return list;
}

/** Runs one process; gives the JSON lines it printed, and its last words where it failed. */
export function run({ command, args, env }, extra, minutes) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: here,
      env: { ...process.env, ...env, ...extra },
      timeout: minutes * 6e4,
    });
    let out = "";
    let errors = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    child.stderr.on("data", (text) => {
      errors += text;
    });
    child.on("error", (error) => resolve({ lines: [], failed: error.message }));
    child.on("close", (code, signal) => {
      const lines = out.split("\n").filter((line) => line.startsWith("{"));
      const words = errors.trim().split("\n").slice(-8).join("\n");
      const failed = code === 0 ? null : `${signal ?? `exit ${code}`}: ${words}`;
      resolve({ lines: lines.map((line) => JSON.parse(line)), failed });
    });
  });
}
