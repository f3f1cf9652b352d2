// What a bench of single loops needs and the package does not export, compiled from src/.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const contents = `
  export { kernelSet, kernels } from "./kernels/index.js";
  export { scope } from "./scope.js";
  export { allocate, allocatePersistent } from "./storage.js";`;
const { outputFiles } = await build({
  stdin: { contents, resolveDir: fileURLToPath(new URL("../src/tensor", import.meta.url)), loader: "ts" },
  bundle: true,
  format: "esm",
  write: false,
});
const address = `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`;
export const { allocate, allocatePersistent, kernelSet, kernels, scope } = await import(address);
