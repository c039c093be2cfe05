import type { V1ReplicaSet } from "@kubernetes/client-node";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";

const USER = /planeproof saw (\S+)/;

const POD = { containers: [{ name: "main", image: "planeproof.invalid/idle", imagePullPolicy: "Never" }] };

/**
 * The user by whose name the ReplicaSet controller makes pods, as an exchange. An admission policy refuses
 * the pods of one ReplicaSet and says whom it refuses; the controller writes the refusal into the ReplicaSet's status.
 * (An audit log would tell as well, but kubeadm keeps none.)
 */
export async function requestUser(lab: Lab): Promise<Exchange<string>> {
  const api = await lab.admin();
  const namespace = await lab.namespace();
  const name = lab.unique("planeproof-witness");
  await refusingPolicy(lab, name);
  const { apps } = api.clients;
  lab.cleanup(`replica set ${namespace}/${name}`, () => apps.deleteNamespacedReplicaSet({ name, namespace }));
  await apps.createNamespacedReplicaSet({ namespace, body: replicaSet(name) });
  const refusal = await until("the ReplicaSet controller to be refused", async () => {
    const { status } = await apps.readNamespacedReplicaSet({ name, namespace });
    return status?.conditions?.find(({ type }) => type === "ReplicaFailure")?.message;
  });
  const user = USER.exec(refusal)?.[1] ?? refusal;
  const exchange = await api.call((clients) => clients.apps.readNamespacedReplicaSet({ name, namespace }));
  return mapAnswer(exchange, () => ({ data: user, summary: `pods come from ${user}` }));
}

/** Refuses pods with the label `planeproof: NAME`, and waits until it does (the plugin looks for policies every second). */
async function refusingPolicy(lab: Lab, name: string): Promise<void> {
  const { admission, core } = (await lab.admin()).clients;
  lab.cleanup(`admission policy binding ${name}`, () =>
    admission.deleteValidatingAdmissionPolicyBinding({ name }),
  );
  lab.cleanup(`admission policy ${name}`, () => admission.deleteValidatingAdmissionPolicy({ name }));
  await admission.createValidatingAdmissionPolicy({
    body: {
      metadata: { name },
      spec: {
        matchConstraints: {
          objectSelector: { matchLabels: { planeproof: name } },
          resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
          ],
        },
        validations: [
          { expression: "false", messageExpression: "'planeproof saw ' + request.userInfo.username" },
        ],
      },
    },
  });
  await admission.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name }, spec: { policyName: name, validationActions: ["Deny"] } },
  });
  const namespace = await lab.namespace();
  const pod = { metadata: { name, ...replicaSet(name).spec?.template?.metadata }, spec: POD };
  await until("the admission policy to refuse", () =>
    core.createNamespacedPod({ namespace, dryRun: "All", body: pod }).then(
      () => false,
      (error: Error) => USER.test(error.message),
    ),
  );
}

function replicaSet(name: string): V1ReplicaSet {
  const labels = { planeproof: name };
  return {
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: POD,
      },
    },
  };
}
