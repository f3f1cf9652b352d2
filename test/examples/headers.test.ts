import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/build.js";

test("every example has its result in its header", () => {
  const entries = readdirSync(join(root, "examples"), { withFileTypes: true });
  for (const { name: folder } of entries.filter((entry) => entry.isDirectory())) {
    for (const name of readdirSync(join(root, "examples", folder))) {
      const text = readFileSync(join(root, "examples", folder, name), "utf8");
      if (!text.includes("npm run build && node")) continue; // what examples share
      const header = text.slice(0, text.indexOf("\nimport"));
      expect([name, header]).toEqual([name, expect.stringMatching(/Measured/)]);
      const command = /node (examples\/\S+\.mjs)/.exec(header)?.[1] ?? "none";
      expect([name, existsSync(join(root, command))]).toEqual([name, true]);
    }
  }
});
