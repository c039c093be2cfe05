import { isObject, type Json } from "./json.ts";

/** The component whose command line an argument list of the kubeadm configuration makes, by the list's field. */
export const COMMANDS: Record<string, string> = {
  "apiServer.extraArgs": "kube-apiserver",
  "controllerManager.extraArgs": "kube-controller-manager",
  "scheduler.extraArgs": "kube-scheduler",
  "etcd.local.extraArgs": "etcd",
  "nodeRegistration.kubeletExtraArgs": "kubelet",
};

/** Component arguments out of either form, as pairs of name and text; null asks for the argument's removal. */
export function argumentPairs(args: unknown): [string, string | null][] {
  if (Array.isArray(args)) {
    return args.map((item: { name?: unknown; value?: unknown }) => [String(item.name), text(item.value)]);
  }
  return Object.entries((args ?? {}) as Json).map(([name, value]) => [name, text(value)]);
}

/** A patch's body with its argument lists in the form of an API: v1beta3 has a map, v1beta4 a list of name and value. */
export function withArguments(value: unknown, api: string): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (!isArgumentList(key)) return [key, withArguments(inner, api)];
      const pairs = argumentPairs(inner);
      return [
        key,
        api.endsWith("v1beta4") ? pairs.map(([name, value]) => ({ name, value })) : Object.fromEntries(pairs),
      ];
    }),
  );
}

/**
 * What kind would skip or drop in silence in a patch's argument lists, in words; undefined where there is nothing
 * (kind 0.33, kubeadm_merge.go `mergeExtraArgs`: an item without a name, and of two with the same name the first).
 */
export function lostArgument(value: unknown, parent = ""): string | undefined {
  if (!isObject(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const field = `${parent}${key}`;
    const lost = isArgumentList(key) ? lostIn(inner) : lostArgument(inner, `${field}.`);
    if (lost) return isArgumentList(key) ? `${field}: ${lost}` : lost;
  }
  return undefined;
}

function lostIn(args: unknown): string | undefined {
  if (args === null || args === undefined) return undefined;
  if (typeof args !== "object") return `neither a map nor a list, but ${JSON.stringify(args)}`;
  const nameless =
    Array.isArray(args) && args.find((item) => !isObject(item) || typeof item.name !== "string");
  if (nameless !== undefined && nameless !== false)
    return `an item without a name: ${JSON.stringify(nameless)}`;
  const pairs = argumentPairs(args);
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) return `${twice} twice`;
  const values: unknown[] = Array.isArray(args) ? args.map(({ value }) => value) : Object.values(args);
  const odd = values.findIndex((value) => typeof value === "object" && value !== null);
  return odd < 0 ? undefined : `${names[odd]} is not text, but ${JSON.stringify(values[odd])}`;
}

/** Whether a field holds arguments of a component. */
export function isArgumentList(field: string): boolean {
  return field === "extraArgs" || field === "kubeletExtraArgs";
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
