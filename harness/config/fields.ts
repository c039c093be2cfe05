import kubeProxy from "./fields/kube-proxy.json" with { type: "json" };
import v1beta3 from "./fields/kubeadm-v1beta3.json" with { type: "json" };
import v1beta4 from "./fields/kubeadm-v1beta4.json" with { type: "json" };
import kubelet from "./fields/kubelet.json" with { type: "json" };
import kubeletArguments from "./fields/kubelet-arguments.json" with { type: "json" };

/** A field of a component's configuration. */
export interface Field {
  type: "text" | "boolean" | "number" | "duration" | "list" | "map" | "object" | "any";
  /** Go's nil is a value of its own: what is absent in what a component tells was not set, rather than zero. */
  nil: boolean;
  /** The versions that have it, where this one does not: `Kubernetes 1.31 or later`. */
  only?: string;
}

/** The fields of one kind of document by path: `taints[].key`, `evictionHard.*`. */
export type Fields = ReadonlyMap<string, Field>;

/** The fields that each kind of document has at a Kubernetes minor, kubeadm's in the API that kind writes for it. */
export function fieldsOfKinds(minor: number): ReadonlyMap<string, Fields> {
  const kubeadm: Record<string, Record<string, string>> = minor >= 36 ? v1beta4 : v1beta3;
  const kinds: Record<string, Record<string, string>> = { ...kubeadm, ...kubelet, ...kubeProxy };
  return new Map(Object.entries(kinds).map(([kind, table]) => [kind, fieldsAt(table, minor)]));
}

function fieldsAt(table: Record<string, string>, minor: number): Fields {
  return new Map(
    Object.entries(table).map(([path, entry]) => {
      const [type = "any", range = "-"] = entry.split(" ");
      const [from, to] = range.split("-");
      const field = { type: type.replace("?", "") as Field["type"], nil: type.endsWith("?") };
      if (from && minor < Number(from)) return [path, { ...field, only: `Kubernetes 1.${from} or later` }];
      if (to && minor > Number(to)) return [path, { ...field, only: `Kubernetes 1.${to} or earlier` }];
      return [path, field];
    }),
  );
}

/** The argument of the kubelet that has the last word on a field of its configuration; undefined where none has. */
export function kubeletArgument(field: readonly string[]): string | undefined {
  const path = field.join(".");
  return Object.entries(kubeletArguments).find(([, other]) => other === path)?.[0];
}
