import { UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";

/** The documents that kind writes for kubeadm, and the API versions in which a patch may speak of them. */
const KINDS: Record<string, RegExp> = {
  ClusterConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  InitConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  JoinConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  KubeletConfiguration: /^kubelet\.config\.k8s\.io\/v1beta1$/,
  KubeProxyConfiguration: /^kubeproxy\.config\.k8s\.io\/v1alpha1$/,
};

export const KIND_NAMES = Object.keys(KINDS);

/** Whether a kind of document is kubeadm's own, so that its apiVersion depends on the Kubernetes version. */
export function isKubeadms(kind: string, api: string): boolean {
  return KINDS[kind]?.test(api) ?? false;
}

/**
 * The kind of document that a patch changes. kind would skip one of another kind or apiVersion in silence.
 * @throws UsageError for such a patch; `path` and `where` say which one it is.
 */
export function targetKind(
  { kind, apiVersion }: { kind?: unknown; apiVersion?: unknown },
  path: string,
  where: string,
): string {
  const versions = typeof kind === "string" && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!versions) {
    const near = typeof kind === "string" ? nearest(kind, KIND_NAMES) : [];
    throw new UsageError(`A kubeadm patch is of an unknown kind: ${path}.`, {
      where,
      expected: `kind: one of ${KIND_NAMES.join(", ")}`,
      found: kind === undefined ? "no kind" : `kind: ${String(kind)}`,
      remedy: near[0] ? `did you mean ${near.join(" or ")}?` : "kind itself would skip this patch in silence",
    });
  }
  if (apiVersion !== undefined && !versions.test(String(apiVersion))) {
    throw new UsageError(`A kubeadm patch has an apiVersion that kubeadm does not read: ${path}.`, {
      where,
      expected: `for ${String(kind)}: ${versions.source.replaceAll("\\", "").replace(/^\^|\$$/g, "")}`,
      found: `apiVersion: ${String(apiVersion)}`,
    });
  }
  return String(kind);
}
