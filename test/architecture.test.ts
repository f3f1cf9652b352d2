import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./support/build.js";

const src = join(root, "src");
const ORDER = ["tensor", "autograd", "nn", "optim", "seq2seq", "cli"];
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(src, name), "utf8") }));

const roomOf = (name: string): number => ORDER.indexOf(name.split(/[\\/]/)[0]);

describe("the house", () => {
  it(`imports only follow the order ${ORDER.join(" → ")}`, () => {
    const back: string[] = [];
    for (const { name, text } of files) {
      for (const [, path] of text.matchAll(/from "(\.{1,2}\/[^"]+)"/g)) {
        const target = relative(src, resolve(join(src, dirname(name)), path));
        // The index of the whole package may import every room, and version.ts belongs to none.
        if (roomOf(name) >= 0 && roomOf(target) > roomOf(name)) back.push(`${name} imports ${target}`);
      }
    }
    expect(files.length).toBeGreaterThan(50);
    expect(back).toEqual([]);
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
