import { findEngine } from "../../engine/engine.ts";
import { readMachine } from "../../engine/machine.ts";
import { goVersion } from "../../image/go.ts";
import { listImages } from "../../image/index.ts";
import { leases } from "../../lease/lease-file.ts";
import { availableKind } from "../../provider/kind/binary.ts";
import { inspectEngine } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { machineFindings } from "./machine.ts";

/** Looks at everything that decides whether a cluster can boot here; changes nothing. */
export async function inspectMachine(): Promise<Finding[]> {
  const [engine, go, kind, images] = await Promise.all([
    inspectEngine(),
    goVersion(),
    availableKind(),
    findEngine().then((answers) => (answers ? listImages() : [])),
  ]);
  return [
    ...engine,
    ...machineFindings(readMachine()),
    goFinding(go),
    kindFinding(kind),
    imagesFinding(images.map(({ reference }) => reference)),
    ...leases().map(leaseFinding),
  ];
}

/** @param path of the kind that would be used */
function kindFinding(path: string | undefined): Finding {
  const means = path ? "" : "the first boot builds it from its Go module, which takes Go and some seconds";
  return { what: "kind", found: path ?? "none that is recent", means };
}

function imagesFinding(references: string[]): Finding {
  const means =
    references.length > 0
      ? ""
      : "the first boot pulls one, or builds it where no registry has it, which takes minutes";
  return { what: "images", found: references.join(", ") || "no node image", means };
}

function leaseFinding({ session, owner, pid, clusters }: ReturnType<typeof leases>[number]): Finding {
  const names = clusters.map(({ name }) => name).join(", ") || "no cluster yet";
  const means = {
    alive: `process ${pid} owns it`,
    dead: "its owner died: `planeproof prune` destroys it",
    nobody: "kept until `planeproof down`",
    elsewhere: "its owner is in another pid namespace or on another machine",
  };
  return { what: "lease", found: `${session}: ${names}`, means: means[owner] };
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
      : "1.26 or newer builds node images and kind; not needed where both are here or can be downloaded",
  };
}
