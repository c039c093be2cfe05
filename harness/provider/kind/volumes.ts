import { engine, requireEngine } from "../../engine/engine.ts";

interface Volume {
  Name: string;
  Labels: Record<string, string> | null;
}

/**
 * Removes the volumes of a cluster's nodes under podman. Docker's are anonymous and go with their containers; podman would
 * mount those noexec, so kind makes volumes of its own, labelled with the node's name (podman/util.go, createAnonymousVolume).
 */
export async function removePodmanVolumes(cluster: string): Promise<void> {
  const { command } = await requireEngine();
  if (command !== "podman") return;
  const { stdout } = await engine(["volume", "ls", "--format", "json"]);
  const ofNode = new RegExp(`^${cluster}-(control-plane|worker|external-load-balancer)\\d*$`);
  const own = (JSON.parse(stdout) as Volume[]).filter(({ Labels }) =>
    Object.keys(Labels ?? {}).some((label) => ofNode.test(label)),
  );
  if (own.length > 0) await engine(["volume", "rm", "--force", ...own.map(({ Name }) => Name)]);
}
