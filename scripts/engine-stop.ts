import { stopOwnDockerd } from "./engine/stop.ts";
import { entry } from "./entry.ts";

await entry(stopOwnDockerd);
