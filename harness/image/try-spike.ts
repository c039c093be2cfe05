import { nodeLayers } from "./layer.ts";
import { buildableRelease } from "./versions.ts";
const t = performance.now();
try { console.log(await nodeLayers(buildableRelease("v1.37.2"), (d) => console.log(((performance.now()-t)/1000).toFixed(1), d))); }
catch (e) { console.log(e); process.exitCode = 1 }
console.log(((performance.now()-t)/1000).toFixed(1));
