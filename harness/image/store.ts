import { execa } from "execa";
import { engine, requireEngine } from "../engine/engine.ts";
import { EnvironmentError, oneLine } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { kubernetesLabel } from "./layers.ts";
import { repository } from "./plan.ts";
import { imageArchive } from "./tar.ts";

/** Whether the engine has an image of that name. */
export async function isPresent(reference: string): Promise<boolean> {
  return (await idOf(reference)) !== undefined;
}

async function idOf(reference: string): Promise<string | undefined> {
  const args = ["image", "inspect", "--format", "{{.Id}}", reference];
  const { exitCode, stdout } = await engine(args, { reject: false });
  return exitCode === 0 ? String(stdout).trim() : undefined;
}

/** An image of this version that was built here at any time, or undefined. */
export async function anyBuilt(kubernetes: string): Promise<string | undefined> {
  const filter = `label=${kubernetesLabel}=${kubernetes}`;
  const format = "{{.Repository}}:{{.Tag}}";
  const { stdout } = await engine(["image", "ls", "--filter", filter, "--format", format, repository]);
  return String(stdout).split("\n")[0] || undefined; // the newest comes first
}

const FIRST_WORD_MS = 20_000;

/** Pulls an image, as a visible step; returns whether it was pulled. A registry that does not answer costs 20 s. */
export function pull(reference: string, progress: Progress): Promise<boolean> {
  return progress.step(`Pulling ${reference.replace(/@.*/, "")}`, async (say) => {
    const outcome = await tryPull(reference);
    if (!outcome.pulled) say(`not pulled: ${outcome.reason}`);
    return outcome.pulled;
  });
}

async function tryPull(reference: string): Promise<{ pulled: true } | { pulled: false; reason: string }> {
  const { command } = await requireEngine();
  const giveUp = new AbortController();
  // The engine's first line comes with the registry's first answer; after that a slow network may take its time.
  const timer = setTimeout(() => giveUp.abort(), FIRST_WORD_MS);
  const run = execa(command, ["pull", reference], {
    stdin: "ignore",
    reject: false,
    cancelSignal: giveUp.signal,
  });
  run.stdout.once("data", () => clearTimeout(timer));
  const { exitCode, isCanceled, stderr, shortMessage } = await run;
  clearTimeout(timer);
  if (exitCode === 0) return { pulled: true };
  return {
    pulled: false,
    reason: isCanceled ? "the registry did not answer in 20 s" : oneLine(stderr || shortMessage),
  };
}

/** Gives the engine an image that lies described in a directory, layers lowest first, in place of one of the same name. */
export async function load(directory: string, reference: string, layers: string[]): Promise<void> {
  const { command } = await requireEngine();
  const before = await idOf(reference);
  try {
    const archive = execa(...imageArchive(directory, layers), {
      encoding: "buffer",
      buffer: { stdout: false },
    });
    await archive.pipe(command, ["load", "--quiet"]);
  } catch (error) {
    throw new EnvironmentError("The engine did not take an image that was built for it.", {
      where: reference,
      found: oneLine(error),
      cause: error,
    });
  }
  const now = await idOf(reference);
  if (!now)
    throw new EnvironmentError("The engine took an image that was built for it, and does not have it.", {
      expected: reference,
      found: "no image of that name",
      remedy: `remove ${directory}, and build it again`,
    });
  // The one that has lost its name would stay without one; the engine refuses where a node still runs from it.
  if (before && before !== now) await engine(["image", "rm", before], { reject: false });
}

/** A node image in the engine. */
export interface ListedImage {
  reference: string;
  /** `v1.37.2` */
  kubernetes: string;
  /** In bytes. */
  size: number;
  created: Date;
  origin: "built" | "pulled";
}

interface Inspected {
  RepoTags: string[];
  RepoDigests: string[];
  Size: number;
  Created: string;
  Config: { Labels: Record<string, string> | null };
}

/** The node images that the engine has, kind's and those built here, the newest Kubernetes first. */
export async function listImages(): Promise<ListedImage[]> {
  const lists = [repository, "kindest/node"].map((name) =>
    engine(["image", "ls", "--quiet", "--no-trunc", name]),
  );
  const ids = new Set(
    (await Promise.all(lists)).flatMap(({ stdout }) => String(stdout).split("\n").filter(Boolean)),
  );
  if (ids.size === 0) return [];
  const { stdout } = await engine(["image", "inspect", ...ids]);
  const images = (JSON.parse(String(stdout)) as Inspected[]).map(listed);
  return images.sort((one, other) => other.kubernetes.localeCompare(one.kubernetes, "en", { numeric: true }));
}

function listed({ RepoTags, RepoDigests, Size, Created, Config }: Inspected): ListedImage {
  const reference = RepoTags[0] ?? RepoDigests[0] ?? "";
  const built = Config.Labels?.[kubernetesLabel];
  const kubernetes = built ?? /:(v\d+\.\d+\.\d+)/.exec(reference)?.[1] ?? "unknown";
  return {
    reference,
    kubernetes,
    size: Size,
    created: new Date(Created),
    origin: built ? "built" : "pulled",
  };
}
