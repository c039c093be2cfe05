import type { ContainerName } from "../probe/pod-streams.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";

/** A pod that was made for a claim. */
export interface MadePod {
  name: string;
  namespace: string;
  uid: string;
}

/** The only container of a pod that was made for a claim, as streams name it. */
export function containerOf({ name, namespace }: MadePod): ContainerName {
  return { namespace, pod: name, container: "main" };
}

/** Requests and limits of our pods: a quota, and a range of limits, may ask that a pod states them. */
export const OWN_RESOURCES = {
  requests: { cpu: "1m", memory: "8Mi" },
  limits: { cpu: "500m", memory: "64Mi" },
};

export interface IdlePodRequest {
  /** The node it is bound to, without the scheduler's doing; unless given, no node. */
  node?: string;
  /** The scheduler that is to choose a node; one that does not exist leaves the pod without. */
  scheduler?: string;
  /** A Secret that it mounts. */
  secret?: string;
  /** Whose token it mounts; none unless given. */
  serviceAccount?: string;
  /** The namespace of the claims unless given. */
  namespace?: string;
}

/**
 * Makes a pod that is never started: it waits for a volume that does not exist. To the authorizers, and to a kubelet's
 * bookkeeping, it is a pod like any other, and costs no container. It meets the Pod Security Standard `restricted`. Removed
 * at the end of the claim.
 */
export async function idlePod(lab: Lab, request: IdlePodRequest = {}): Promise<MadePod> {
  const { core } = (await lab.admin()).clients;
  const namespace = request.namespace ?? (await lab.namespace());
  const name = lab.unique("idle");
  const serviceAccountName = request.serviceAccount ?? "default";
  await until(`service account ${serviceAccountName} of namespace ${namespace}`, () =>
    core.readNamespacedServiceAccount({ name: serviceAccountName, namespace }),
  );
  lab.cleanup(`pod ${namespace}/${name}`, () =>
    core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }),
  );
  const { metadata } = await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name, namespace },
      spec: {
        serviceAccountName,
        automountServiceAccountToken: request.serviceAccount !== undefined,
        tolerations: [{ operator: "Exists" }],
        ...(request.node ? { nodeName: request.node } : {}),
        ...(request.scheduler ? { schedulerName: request.scheduler } : {}),
        securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "main",
            image: "planeproof.invalid/idle",
            imagePullPolicy: "Never",
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            resources: OWN_RESOURCES,
          },
        ],
        volumes: [
          { name: "absent", configMap: { name: "planeproof-absent" } },
          ...(request.secret ? [{ name: "secret", secret: { secretName: request.secret } }] : []),
        ],
      },
    },
  });
  return { name, namespace, uid: metadata?.uid ?? "" };
}

/** Makes a Secret, and returns its name. Removed at the end of the claim. */
export async function createSecret(lab: Lab): Promise<string> {
  const { core } = (await lab.admin()).clients;
  const namespace = await lab.namespace();
  const name = lab.unique("secret");
  await core.createNamespacedSecret({
    namespace,
    body: { metadata: { name }, stringData: { key: lab.unique("value") } },
  });
  lab.cleanup(`secret ${namespace}/${name}`, () => core.deleteNamespacedSecret({ name, namespace }));
  return name;
}
