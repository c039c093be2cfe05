import { execa } from "execa";

/** What `npm test` proves, in this order. A step that fails does not keep the others from running: all are reported. */
const STEPS: [name: string, command: string, ...args: string[]][] = [
  ["unit tests", "vitest", "run", "--project", "unit"],
  ["suites on a cluster", "node", "harness/cli/main.ts", "verify"],
  ["lint and format", "biome", "check"],
  ["types", "tsc", "-p", "."],
  ["dead code", "knip"],
  ["arrows between rooms", "node", "scripts/check-rooms.ts"],
];

const lines: string[] = [];
for (const [name, command, ...args] of STEPS) {
  console.log(`\n── ${name}: ${[command, ...args].join(" ")}`);
  const { exitCode, durationMs } = await execa(command, args, {
    preferLocal: true,
    stdio: "inherit",
    reject: false,
  });
  if (exitCode !== 0) process.exitCode = 1;
  lines.push(`${exitCode === 0 ? "passed" : "FAILED"}  ${name} (${(durationMs / 1000).toFixed(1)} s)`);
}
console.log(`\n${lines.join("\n")}`);
