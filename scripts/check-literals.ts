import { globSync, readFileSync } from "node:fs";
import { expects, literalsIn } from "./literals.ts";

// Expectations follow live settings: a suite that spells out what one decides would call a hardened cluster broken.
const files = globSync("suites/**/*.ts").filter(expects).sort();
const found = files.flatMap((file) =>
  literalsIn(readFileSync(file, "utf8")).map((one) => ({ file, ...one })),
);
for (const { file, line, literal, ask } of found) {
  console.log(`${file}:${line}  ${literal} is for the live setting to say: ${ask}`);
}
console.log(`${files.length} files of suites, ${found.length} literals where a live setting decides`);
process.exitCode = found.length > 0 ? 1 : 0;
