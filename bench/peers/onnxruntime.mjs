// onnxruntime-node, which runs models and cannot train them. ONNX_FOLDER holds what export_onnx.py wrote; ONNX_THREADS
// sets the threads.
import { createRequire } from "node:module";
import { attempt, CASES, cannot, H, measureAsync, PRODUCTS, T, tokens, uniform, wants } from "./common.mjs";
import { versionOf } from "./library.mjs";

const { InferenceSession, Tensor } = createRequire(import.meta.url)("onnxruntime-node");
const threads = Number(process.env.ONNX_THREADS ?? 1);
const folder = process.env.ONNX_FOLDER;
const library = `onnxruntime-node ${versionOf("onnxruntime-node")}`;
const variant = `${threads} thread${threads === 1 ? "" : "s"}`;

const load = (name) => {
  if (!folder) throw new Error("needs PyTorch, which exports the models");
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, executionProviders: ["cpu"] };
  return InferenceSession.create(`${folder}/${name}.onnx`, options);
};
const floats = (shape, seed) =>
  new Tensor(
    "float32",
    uniform(
      shape.reduce((a, b) => a * b),
      1,
      seed,
    ),
    shape,
  );
const ids = (values, shape) => new Tensor("int64", BigInt64Array.from(values, BigInt), shape);

for (const name of Object.keys(CASES).filter((id) => /^(train|tokenwise)/.test(id))) {
  if (wants(name)) cannot(library, "", name, "runs models only");
}

for (const [m, k, n] of PRODUCTS) {
  await attempt(library, variant, `matmul-${m}x${k}x${n}`, async (name) => {
    const session = await load(name);
    const inputs = { a: floats([m, k], 1), b: floats([k, n], 2) };
    await measureAsync(library, variant, name, () => session.run(inputs));
  });
}

await attempt(library, variant, "gru-step", async (name) => {
  const session = await load("step");
  const inputs = { x: floats([1, 1, H], 1), h: floats([1, 1, H], 2) };
  await measureAsync(library, variant, name, () => session.run(inputs));
});

await attempt(library, variant, "greedy", async (name) => {
  const [encoder, decoder] = await Promise.all([load("encoder"), load("decoder")]);
  const source = tokens(1).source;
  await measureAsync(library, variant, name, async () => {
    let { h } = await encoder.run({ ids: ids(source, [T, 1]) });
    let word = 2;
    for (let t = 0; t < T; t++) {
      const { best, next } = await decoder.run({ ids: ids([word], [1, 1]), h });
      h = next;
      word = Number(best.data[0]);
    }
  });
});
