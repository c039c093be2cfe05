import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["{harness,scripts,clusters}/**/*.test.ts"], testTimeout: 60_000 } },
      {
        // For authors of claims: `PLANEPROOF_CLUSTER=NAME vitest run --project suites suites/etcd-client/`
        // proves claims on a cluster that `planeproof up` left running. Without a name it boots `default`.
        test: {
          name: "suites",
          include: ["suites/*/{claims,claims/*}.ts"],
          globalSetup: ["harness/cli/vitest-setup.ts"],
          testTimeout: 0,
          isolate: false,
          maxWorkers: 1,
          maxConcurrency: 8,
        },
      },
    ],
  },
});
