import { UsageError } from "../support/errors.ts";
import { expectedSettings } from "./expected-settings.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import { configNodes } from "./nodes.ts";

/**
 * Refuses a kubelet that would register under another name than the one in its certificate: kubeadm issues that for
 * `nodeRegistration.name`, and does not look at the kubelet's `--hostname-override`, so the API server refuses the node
 * (plugin/pkg/admission/noderestriction; kubernetes-sigs/kind#3997).
 * @throws UsageError
 */
export function checkKubeletName(definition: ClusterDefinition): void {
  for (const node of configNodes(definition.config)) {
    const settings = expectedSettings(definition, node);
    const name = settings.find(({ field }) => field.join(".") === "nodeRegistration.name")?.value;
    const override = settings.find(
      ({ argument }) => argument?.command === "kubelet" && argument.name === "hostname-override",
    );
    if (!override || override.value === null || override.value === name) continue;
    throw new UsageError(
      "A kubelet would register under another name than its certificate's: hostname-override.",
      {
        where: `${override.where}: ${override.path}`,
        expected:
          name === undefined
            ? "the name of the node's container"
            : `nodeRegistration.name, which is ${String(name)}`,
        found: `--hostname-override=${String(override.value)}, which the API server refuses: the certificate is for another node`,
        remedy: `set nodeRegistration.name: ${String(override.value)} instead: kubeadm then issues the certificate for that name, and passes the argument itself`,
      },
    );
  }
}
