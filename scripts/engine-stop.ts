import { stopOwnDockerd } from "../harness/cli/engine/stop.ts";
import { entry } from "./entry.ts";

await entry(stopOwnDockerd);
