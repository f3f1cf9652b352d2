// node --import ./killAt.mjs: ends this process by SIGKILL at a change of the disk, as the environment says.
//   SOAK_KILL_AT=N     at the N-th change from 0; what is being written then is there in part
//   SOAK_COUNT=FILE    none: how many changes there were goes to FILE
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { SOAK_KILL_AT, SOAK_COUNT } = process.env;
const { writeFileSync } = fs;
let count = 0;

for (const name of ["openSync", "writeFileSync", "fsyncSync", "renameSync", "rmSync", "rmdirSync", "mkdirSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (name === "openSync" && (args[1] ?? "r") === "r") return real(...args);
    if (count++ === Number(SOAK_KILL_AT ?? -1)) {
      if (name === "writeFileSync") real(args[0], args[1].slice(0, Math.floor(args[1].length / 2)), args[2]);
      process.kill(process.pid, "SIGKILL");
    }
    return name === "fsyncSync" ? undefined : real(...args); // it takes long; the process is killed, not the machine
  };
}
syncBuiltinESMExports();
if (SOAK_COUNT) process.on("exit", () => writeFileSync(SOAK_COUNT, String(count)));
