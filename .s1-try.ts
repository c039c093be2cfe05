import { readFileSync } from "node:fs";
import { Cluster, plainHttp, plainReading } from "/work/main/harness/index.ts";
import { Bench, Lab } from "/work/main/harness/lab/lab.ts";
const c = new Cluster(JSON.parse(readFileSync("/tmp/planeproof-574be4/s1.json","utf8")));
const lab = new Lab(new Bench(c));
const seen: Record<string, number> = {};
await Promise.all(Array.from({length: 4}, async () => { for (let i = 0; i < 6; i++) { const o = (await plainHttp(lab.fromNode(), {host: lab.node.address, port: 10250}, {path: "/pods"}, plainReading)).outcome; const k = JSON.stringify(o); seen[k] = (seen[k] ?? 0) + 1; }}));
console.log(seen);
process.exit(0);
