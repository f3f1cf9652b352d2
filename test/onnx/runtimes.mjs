// Exported graphs in the runtimes of ONNX: opened, asked for a source, stepped. The batch is the first axis of everything.
const RUNTIMES = {
  "onnxruntime-node": { provider: "cpu", name: "onnxruntime-node" },
  "onnxruntime-web": { provider: "wasm", name: "onnxruntime-web (wasm)" },
};

/** The runtimes by name; null where they are not installed. */
export async function loadRuntimes() {
  try {
    const entries = Object.entries(RUNTIMES).map(async ([module, { name, provider }]) => {
      const ort = await import(module);
      ort.env.logLevel = "error";
      if (provider === "wasm") ort.env.wasm.numThreads = 1;
      return { name: `${name} ${ort.env.versions.common}`, ort, provider };
    });
    return await Promise.all(entries);
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    return null;
  }
}

/** The sessions of an exported model's files. */
export async function open({ ort, provider }, files) {
  const options = { executionProviders: [provider], intraOpNumThreads: 1, interOpNumThreads: 1 };
  const create = (name) => (files[name] ? ort.InferenceSession.create(files[name], options) : null);
  return { ort, encoder: await create("encoder.onnx"), decoder: await create("decoder.onnx") };
}

const ints = (ort, values, shape) => new ort.Tensor("int32", Int32Array.from(values), shape);

/** The state of sources, lists of ids that end with EOS, padded with `pad`. */
export async function encode({ ort, encoder }, sources, pad = 0) {
  const S = Math.max(...sources.map(({ length }) => length));
  const padded = sources.flatMap((ids) => [...ids, ...Array(S - ids.length).fill(pad)]);
  const lengths = ints(
    ort,
    sources.map(({ length }) => length),
    [sources.length],
  );
  return { ...(await encoder.run({ source: ints(ort, padded, [sources.length, S]), lengths })), lengths };
}

/** The state of `count` rows of a model without a source. */
export function start({ ort, decoder }, count) {
  const names = decoder.inputNames.filter((name) => name !== "token");
  return Object.fromEntries(
    names.map((name) => {
      const { shape } = decoder.inputMetadata.find((input) => input.name === name);
      const [, ...sizes] = shape;
      const size = sizes.reduce((product, own) => product * own, count);
      return [name, new ort.Tensor("float32", new Float32Array(size), [count, ...sizes])];
    }),
  );
}

/** One step of all rows → logits, what attention looked at, and the state after. */
export async function step({ ort, decoder }, tokens, state) {
  const all = { ...state, token: ints(ort, tokens, [tokens.length]) };
  const read = Object.fromEntries(decoder.inputNames.map((name) => [name, all[name]]));
  const { logits, attention, ...next } = await decoder.run(read);
  const after = Object.entries(next).map(([name, value]) => [name.replace("next_", ""), value]);
  return { logits: logits.data, attention: attention?.data, state: { ...state, ...Object.fromEntries(after) } };
}

/** Some rows of a state. */
export function select({ ort }, state, rows) {
  const chosen = Object.entries(state).map(([name, { data, dims, type }]) => {
    const size = data.length / dims[0];
    const picked = new data.constructor(rows.length * size);
    rows.forEach((row, i) => void picked.set(data.subarray(row * size, (row + 1) * size), i * size));
    return [name, new ort.Tensor(type, picked, [rows.length, ...dims.slice(1)])];
  });
  return Object.fromEntries(chosen);
}
