import { requireEngine } from "../engine/engine.ts";
import type { Progress } from "../support/progress.ts";
import { withBuildProgress } from "./build-progress.ts";
import { goVersion, requireGo } from "./go.ts";
import { layerNames, nodeDirectory } from "./layers.ts";
import { requireImageTools } from "./machine.ts";
import { planOf } from "./plan.ts";
import { anyBuilt, isPresent, load, pull } from "./store.ts";
import {
  acceptableVersions,
  buildableRelease,
  kindReference,
  publishedReference,
  releases,
  resolveVersion,
} from "./versions.ts";

/** A node image that the engine has. */
export interface NodeImage {
  reference: string;
  /** `v1.37.2` */
  kubernetes: string;
  origin: "present" | "pulled" | "built";
}

/**
 * Sees to it that the engine has a node image of a Kubernetes version: one that is there, or else one that kind has
 * published, or else one that is built now from source modules (minutes, the first time).
 * @param version a release (`v1.36.3`) or a minor (`1.36`), which any release of it answers that can be had
 * @throws UsageError for what is no version; EnvironmentError where the version cannot be had, saying what can
 */
export async function ensureImage(version: string, progress: Progress): Promise<NodeImage> {
  return (await findImage(version, progress)) ?? buildImage(version, progress);
}

/** The node image of a version that is there, or can be pulled; undefined where it has to be built. */
export async function findImage(version: string, progress: Progress): Promise<NodeImage | undefined> {
  const acceptable = acceptableVersions(version);
  await requireEngine();
  return (await present(acceptable)) ?? pulled(acceptable, progress);
}

/** Builds the node image of a version, from the cache as far as that goes, and gives it to the engine. */
export async function buildImage(version: string, progress: Progress): Promise<NodeImage> {
  const release = buildableRelease(resolveVersion(version));
  const [go] = await Promise.all([requireGo(), requireEngine(), requireImageTools()]);
  const plan = await planOf(release, go);
  await progress.step(`Building a node image for Kubernetes ${release.kubernetes}`, async (say) => {
    const directory = await withBuildProgress(say, (progress) => nodeDirectory(plan, progress));
    say("loading it into the engine");
    await load(directory, plan.reference, layerNames);
  });
  return { reference: plan.reference, kubernetes: release.kubernetes, origin: "built" };
}

async function present(acceptable: string[]): Promise<NodeImage | undefined> {
  for (const kubernetes of acceptable) {
    // One name where kind has published none by digest.
    const names = new Set([
      publishedReference(kubernetes),
      kindReference(kubernetes),
      await ownReference(kubernetes),
    ]);
    for (const reference of names) {
      if (reference && (await isPresent(reference))) return { reference, kubernetes, origin: "present" };
    }
  }
  return undefined;
}

/** The name that an image of this version would have if it were built now; where no Go is, that of any that was. */
async function ownReference(kubernetes: string): Promise<string | undefined> {
  const release = releases.find((known) => known.kubernetes === kubernetes);
  if (!release) return undefined;
  const go = await goVersion();
  return go ? (await planOf(release, go)).reference : anyBuilt(kubernetes);
}

async function pulled(acceptable: string[], progress: Progress): Promise<NodeImage | undefined> {
  // kind publishes few releases of a minor: what it has published for certain comes before what it may have.
  const references = acceptable.map((kubernetes) => ({
    kubernetes,
    reference: publishedReference(kubernetes),
  }));
  const [best] = references.sort((one, other) => Number(isPinned(other)) - Number(isPinned(one)));
  if (!best) return undefined;
  return (await pull(best.reference, progress)) ? { ...best, origin: "pulled" } : undefined;
}

function isPinned({ reference }: { reference: string }): boolean {
  return reference.includes("@");
}
