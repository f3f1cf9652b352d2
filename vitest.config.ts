import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts"],
    testTimeout: 60_000,
    // Half as many again as there are cores: tests that run programs and browsers wait for them.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    coverage: { include: ["src/**/*.ts"], reporter: ["text-summary", "text"] },
  },
});
