import type { Lab } from "../../harness/index.ts";

/**
 * Makes a ReplicaSet of one pod that is never started: no scheduler has the name that it asks for. Removed, with its pod, at
 * the end of the claim.
 * @returns its name, with which its pod's begins
 */
export async function idleReplicaSet(lab: Lab): Promise<string> {
  const { apps } = (await lab.admin()).clients;
  const namespace = await lab.namespace();
  const name = lab.unique("planeproof");
  const labels = { planeproof: name };
  lab.cleanup(`replica set ${namespace}/${name}`, () => apps.deleteNamespacedReplicaSet({ name, namespace }));
  await apps.createNamespacedReplicaSet({
    namespace,
    body: {
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            schedulerName: "planeproof.example/nobody",
            containers: [{ name: "main", image: "planeproof.invalid/idle", imagePullPolicy: "Never" }],
          },
        },
      },
    },
  });
  return name;
}
