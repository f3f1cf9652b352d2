import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./support/build.js";

const src = join(root, "src");
const ROOMS = ["tensor", "autograd", "nn", "optim", "seq2seq", "corpus", "pretrained", "cli"];
/** The order of the rooms within `seq2seq`. */
const TOOLKIT = [
  "text",
  "audio",
  "metrics",
  "figures",
  "files",
  "data",
  "models",
  "search",
  "training",
  "tasks",
  "onnx",
];

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replaceAll("\\", "/"))
  .map((name) => ({ name, text: readFileSync(join(src, name), "utf8") }));

/** What each file imports or exports from, types included, as paths below src. */
const imports = new Map(
  files.map(({ name, text }) => [
    name,
    [...text.matchAll(/(?:from|import) "(\.{1,2}\/[^"]+)"|import\("(\.{1,2}\/[^"]+)"\)/g)].map(([, path, lazy]) =>
      relative(src, resolve(join(src, dirname(name)), path ?? lazy))
        .replaceAll("\\", "/")
        .replace(/\.js$/, ".ts"),
    ),
  ]),
);

/** Every import that leads to a later room; what stands in none, such as the package's index, may import anything. */
function back(order: readonly string[], roomOf: (name: string) => string): string[] {
  return [...imports].flatMap(([name, targets]) => {
    const own = order.indexOf(roomOf(name));
    return own < 0
      ? []
      : targets.filter((target) => order.indexOf(roomOf(target)) > own).map((target) => `${name} imports ${target}`);
  });
}

/** The first circle of imports found, as a path that ends where it begins; null when there is none. */
function circle(): string[] | null {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | null => {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return null;
    for (const target of imports.get(name) ?? []) {
      const found = visit(target, [...path, name]);
      if (found) return found;
    }
    done.add(name);
    return null;
  };
  for (const name of imports.keys()) {
    const found = visit(name, []);
    if (found) return found;
  }
  return null;
}

describe("the house", () => {
  it(`imports only follow the order ${ROOMS.join(" → ")}`, () => {
    expect(files.length).toBeGreaterThan(50);
    expect(back(ROOMS, (name) => name.split("/")[0])).toEqual([]);
  });

  it(`within seq2seq they follow the order ${TOOLKIT.join(" → ")}`, () => {
    const roomOf = (name: string): string => (name.startsWith("seq2seq/") ? name.split("/")[1] : "");
    expect([...new Set(files.map(({ name }) => roomOf(name)))].sort()).toEqual(["", "index.ts", ...TOOLKIT].sort());
    expect(back(TOOLKIT, roomOf)).toEqual([]);
  });

  it("has no circle of imports, types included", () => {
    expect(circle()).toBeNull();
  });

  it("leaves all randomness to a seeded generator", () => {
    expect(files.filter(({ text }) => /Math\.random\s*\(/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it("needs nothing at runtime", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, unknown>;
    expect(manifest.dependencies ?? {}).toEqual({});
    const foreign = files.flatMap(({ name, text }) =>
      [...text.matchAll(/from "([^."][^"]*)"/g)]
        .map(([, path]) => path)
        .filter((path) => !path.startsWith("node:"))
        .map((path) => `${name}: ${path}`),
    );
    expect(foreign).toEqual([]);
  });
});
