import { globSync, readFileSync } from "node:fs";
import { importsOf } from "./rooms/imports.ts";
import { violations } from "./rooms/rules.ts";

// Enforces which module may import which; the table is in rooms/rules.ts.
const files = globSync("{harness,suites,clusters,scripts}/**/*.ts").sort();
const found = files.flatMap((file) => violations(file, importsOf(readFileSync(file, "utf8"))));
for (const { where, imports, rule } of found) console.log(`${where}  imports ${imports}: ${rule}`);
console.log(`${files.length} files, ${found.length} imports that break the rules`);
process.exitCode = found.length > 0 ? 1 : 0;
