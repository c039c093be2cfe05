import { readMachine } from "../../engine/machine.ts";
import { goVersion } from "../../image/go.ts";
import { inspectEngine } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { machineFindings } from "./machine.ts";

/** Looks at everything that decides whether a cluster can boot here; changes nothing. */
export async function inspectMachine(): Promise<Finding[]> {
  const [engine, go] = await Promise.all([inspectEngine(), goVersion()]);
  return [...engine, ...machineFindings(readMachine()), goFinding(go)];
}

/** @param version as Go says it (`go1.26.8`) */
export function goFinding(version: string | undefined): Finding {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  const recent = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 26);
  return {
    what: "go",
    found: version ?? "none",
    means: recent
      ? ""
      : "1.26 or newer builds node images and kind; not needed where both can be had ready-made",
  };
}
