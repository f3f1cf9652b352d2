// Does memory stay bounded where nothing is given back by hand? node bench/memoryLoops.mjs [MINUTES] [LOOP]
//
// Loops that drop what they make, each in a process of its own for MINUTES (10), most of them without ever returning to the
// event loop. Prints resident memory and what is in use of WebAssembly memory after a tenth of the time and at the end.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSeqgrad } from "./peers/library.mjs";
import { newTraining, randomPairs, trainStep } from "./peers/work.mjs";

/** Garbage may wait: up to the bound on WebAssembly memory (256 MB), and about as much in ordinary arrays. */
const PEAK_MB = 700;

const loops = {
  "a gradient set to null": ({ tensor, sum }) => {
    const p = tensor(new Float32Array(1e6), { requiresGrad: true });
    return () => {
      p.grad = null;
      sum(p).backward();
    };
  },
  "a gradient looked at, then forgotten": ({ tensor, sum }) => {
    const p = tensor(new Float32Array(1e6), { requiresGrad: true });
    return () => {
      p.zeroGrad();
      sum(p).backward();
      if (p.grad.data[0] !== 1) throw new Error(`expected a gradient of ones, got ${p.grad.data[0]}`);
    };
  },
  "GRU layers": ({ nn, randn }) => {
    const x = randn([10, 8, 256]);
    return () => new nn.GRU(256, 256).forward(x);
  },
  "a GRU forward and backward, outside any scope": ({ nn, randn, sum }) => {
    const gru = new nn.GRU(256, 256);
    const x = randn([10, 8, 256]);
    return () => {
      gru.zeroGrad();
      sum(gru.forward(x)[0]).backward();
    };
  },
  "weights changed before every layer without history": ({ nn, noGrad, randn }) => {
    const layer = new nn.Linear(512, 512);
    const x = randn([8, 512]);
    return () => {
      nn.init.uniform(layer.weight, -0.1, 0.1);
      noGrad(() => layer.forward(x));
    };
  },
  "models, their optimisers and three steps": (seqgrad) => {
    const batch = seqgrad.seq2seq.makeBatch(randomPairs(16, 10, 1000, 1));
    return () => {
      const training = newTraining(seqgrad, 1000);
      const adam = new seqgrad.optim.Adam(training.model.parameters());
      for (let i = 0; i < 3; i++) trainStep(seqgrad, { ...training, optimizer: adam }, batch);
    };
  },
  "training steps and a greedy search after each": (seqgrad) => {
    const training = newTraining(seqgrad, 1000);
    const batch = seqgrad.seq2seq.makeBatch(randomPairs(16, 10, 1000, 1));
    return () => {
      trainStep(seqgrad, training, batch);
      seqgrad.seq2seq.greedySearch(training.model, [[5, 6, 7]]);
    };
  },
  "Translator.load": ({ seq2seq }) => {
    const folder = join(mkdtempSync(join(tmpdir(), "seqgrad-")), "model");
    const words = Array.from({ length: 2000 }, (_, i) => [`w${i}`]);
    const language = () => ({ tokenizer: new seq2seq.WordTokenizer(), vocabulary: seq2seq.Vocabulary.build(words) });
    const { size } = language().vocabulary;
    const model = new seq2seq.Seq2Seq({ inputSize: size, outputSize: size, hiddenSize: 256 });
    const translator = new seq2seq.Translator({ model, source: language(), target: language() });
    translator.save(folder);
    process.on("exit", () => rmSync(folder, { recursive: true }));
    return () => seq2seq.Translator.load(folder);
  },
  "the same, with a task of the event loop between": (seqgrad) => {
    const load = loops["Translator.load"](seqgrad);
    return async () => {
      load();
      await new Promise((resolve) => setImmediate(resolve));
    };
  },
};

const [minutes = 10, only] = [process.argv[2] && Number(process.argv[2]), process.argv[3]];
if (!(minutes > 0)) throw new Error(`memoryLoops: expected minutes above 0, got ${process.argv[2]}`);

const toMB = (bytes) => Math.round(bytes / 1e6);

async function measure(name) {
  const seqgrad = await loadSeqgrad();
  const body = loops[name](seqgrad);
  const end = performance.now() + minutes * 60_000;
  const first = performance.now() + minutes * 6_000;
  const held = () => ({ resident: toMB(process.memoryUsage().rss), wasm: toMB(seqgrad.memoryUsage?.().used ?? 0) });
  let start = null;
  let rounds = 0;
  for (let now = performance.now(); now < end; now = performance.now(), rounds++) {
    const pending = body();
    if (pending instanceof Promise) await pending;
    if (!start && now > first) start = held();
  }
  process.send({ rounds, start: start ?? held(), end: held(), peak: toMB(process.resourceUsage().maxRSS * 1024) });
}

if (process.env.SEQGRAD_LOOP) await measure(process.env.SEQGRAD_LOOP);
else {
  for (const name of Object.keys(loops).filter((each) => !only || each.includes(only))) {
    const child = fork(new URL(import.meta.url), [String(minutes)], { env: { ...process.env, SEQGRAD_LOOP: name } });
    const found = await new Promise((resolve) => {
      child.once("message", resolve);
      child.once("exit", (code) => resolve({ failed: `exit code ${code}` }));
    });
    const within = !found.failed && found.peak <= PEAK_MB;
    if (!within) process.exitCode = 1;
    const figures = found.failed ?? `resident ${found.start.resident} → ${found.end.resident} MB, peak ${found.peak}`;
    console.log(`${within ? "bounded" : "NOT bounded"}: ${name}: ${found.rounds} rounds, ${figures}`);
  }
}
