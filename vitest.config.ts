import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts"],
    testTimeout: 60_000,
    maxWorkers: "100%", // all cores: by default one is left free, which of two is half
    coverage: { include: ["src/**/*.ts"], reporter: ["text-summary", "text"] },
  },
});
