import { prepareEngine } from "./engine/prepare.ts";
import { entry } from "./entry.ts";

await entry(prepareEngine);
