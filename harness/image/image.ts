import { symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { dir } from "tmp-promise";
import { engine, requireEngine } from "../engine/engine.ts";
import { EnvironmentError, oneLine } from "../errors.ts";
import type { Progress } from "../progress.ts";
import { goVersion, requireGo } from "./go.ts";
import { nodeLayers } from "./layer.ts";
import { requireImageTools, tied } from "./machine.ts";
import { describeImage, imageArchive } from "./tar.ts";
import { buildableRelease, resolveVersion } from "./versions.ts";

/** A node image that the engine has. */
export interface NodeImage {
  reference: string;
  /** `v1.37.2` */
  kubernetes: string;
  origin: "present" | "pulled" | "built";
}

