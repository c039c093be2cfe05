// Writes harness/config/fields/*.json: every field of the configuration of kubeadm, kubelet and kube-proxy, out of the Go
// types in the module cache (`go mod download k8s.io/kubelet@v0.37.2`, and so on): `node scripts/component-fields.ts`.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const modules = join(execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim(), "k8s.io");
const [FIRST, LAST] = [30, 37];
const minors = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);

/** A type's text: a struct's body, or the type that it is another name for. */
type Types = Map<string, string>;

function typesIn(files: string[]): Types {
  const types: Types = new Map();
  for (const file of files) {
    const text = readFileSync(file, "utf8").replace(/^\s*\/\/.*$/gm, "");
    for (const [, name = "", body, other] of text.matchAll(
      /^type (\w+) (?:struct \{\n([\s\S]*?)^\}|([\w.[\]*]+))/gm,
    )) {
      if (!types.has(name)) types.set(name, body ?? `= ${other}`);
    }
  }
  return types;
}

const SIMPLE: Record<string, string> = {
  string: "text",
  bool: "boolean",
  Duration: "duration",
  TimeOrMetaDuration: "duration",
  BootstrapTokenString: "text", // it marshals itself: ID.SECRET
  int: "number",
  int32: "number",
  int64: "number",
  uint32: "number",
  float32: "any",
};

/** Every field of a type by its path; `[]` is any item of a list, `*` any key of a map, `?` a field that may be nil. */
function fieldsOf(goType: string, path: string, types: Types, depth = 0): [string, string][] {
  const nil = goType.startsWith("*") ? "?" : "";
  const bare = goType.replace(/^\*/, "");
  const item = /^\[\](.+)$/.exec(bare)?.[1];
  if (item) return [[path, "list"], ...fieldsOf(item, `${path}[]`, types, depth)];
  const value = /^map\[\w+\](.+)$/.exec(bare)?.[1];
  if (value) return [[path, "map"], ...fieldsOf(value, `${path}.*`, types, depth)];
  const name = bare.replace(/^\w+\./, "");
  if (SIMPLE[name]) return [[path, `${SIMPLE[name]}${nil}`]];
  const body = types.get(name);
  if (body?.startsWith("= ")) return fieldsOf(`${nil && "*"}${body.slice(2)}`, path, types, depth);
  if (body === undefined || depth > 8) return [[path, "any"]];
  const own: [string, string][] = path ? [[path, `object${nil}`]] : [];
  return [...own, ...members(body, path, types, depth)];
}

function members(body: string, path: string, types: Types, depth: number): [string, string][] {
  return [...body.matchAll(/^\t(?:\w+\s+)?([\w.[\]*]+)\s+`json:"([^",]*)[^`]*`/gm)].flatMap(
    ([, type = "", key = ""]) => {
      if (type === "metav1.TypeMeta" || key === "-") return [];
      return fieldsOf(type, key ? `${path}${path && "."}${key}` : path, types, depth + 1).filter(
        ([at]) => at,
      );
    },
  );
}

/** The files of a module at a minor; none where that minor is not in the cache. */
function filesAt(module: string, version: string, ...files: string[]): string[] {
  return files.flatMap((file) => globSync(join(modules, `${module}@${version}.*`, file)).slice(-1));
}

/**
 * One table of all minors. A field that not all of them have says from which to which: between two that were read, it
 * counts as there.
 */
function merged(perMinor: [number, [string, string][]][]): Record<string, string> {
  const read = perMinor.filter(([, fields]) => fields.length > 0);
  const table: Record<string, string> = {};
  const paths = [...new Set(read.flatMap(([, fields]) => fields.map(([path]) => path)))].sort();
  for (const path of paths) {
    const has = read.filter(([, fields]) => fields.some(([other]) => other === path)).map(([minor]) => minor);
    const before = read
      .map(([minor]) => minor)
      .filter((minor) => minor < (has[0] ?? 0))
      .at(-1);
    const after = read.map(([minor]) => minor).find((minor) => minor > (has.at(-1) ?? 0));
    const type = read.flatMap(([, fields]) => fields).findLast(([other]) => other === path)?.[1] ?? "any";
    const range = `${before === undefined ? "" : before + 1}-${after === undefined ? "" : after - 1}`;
    table[path] = range === "-" ? type : `${type} ${range}`;
  }
  return table;
}

function write(name: string, table: object): void {
  writeFileSync(`harness/config/fields/${name}.json`, `${JSON.stringify(table, null, 1)}\n`);
}

function table(type: string, files: (minor: number) => string[]): Record<string, string> {
  return merged(
    minors.map((minor) => {
      const types = typesIn(files(minor));
      return [minor, types.has(type) ? fieldsOf(type, "", types) : []];
    }),
  );
}

const base = (minor: number) =>
  filesAt(
    "component-base",
    `v0.${minor}`,
    "config/v1alpha1/types.go",
    "logs/api/v1/types.go",
    "tracing/api/v1/types.go",
  );
const kubeadm = (api: string) => (minor: number) => [
  ...filesAt(
    "kubernetes",
    `v1.${minor}`,
    `cmd/kubeadm/app/apis/kubeadm/${api}/types.go`,
    "cmd/kubeadm/app/apis/bootstraptoken/v1/types.go",
  ),
  ...filesAt("api", `v0.${minor}`, "core/v1/types.go"),
];
const KUBEADM_KINDS = ["ClusterConfiguration", "InitConfiguration", "JoinConfiguration"];

for (const api of ["v1beta3", "v1beta4"]) {
  write(`kubeadm-${api}`, Object.fromEntries(KUBEADM_KINDS.map((kind) => [kind, table(kind, kubeadm(api))])));
}
write("kubelet", {
  KubeletConfiguration: table("KubeletConfiguration", (minor) => [
    ...filesAt("kubelet", `v0.${minor}`, "config/v1beta1/types.go"),
    ...base(minor),
    ...filesAt("api", `v0.${minor}`, "core/v1/types.go"),
  ]),
});
write("kube-proxy", {
  KubeProxyConfiguration: table("KubeProxyConfiguration", (minor) => [
    ...filesAt("kube-proxy", `v0.${minor}`, "config/v1alpha1/types.go"),
    ...base(minor),
  ]),
});

/** The field of the KubeletConfiguration that each argument of the kubelet sets (cmd/kubelet/app/options, `AddKubeletConfigFlags`). */
function kubeletArguments(): Record<string, string> {
  const [options = ""] = filesAt("kubernetes", `v1.${LAST}`, "cmd/kubelet/app/options/options.go");
  const [types = ""] = filesAt("kubelet", `v0.${LAST}`, "config/v1beta1/types.go");
  const named = new Map(
    [...readFileSync(types, "utf8").matchAll(/^\t(\w+)\s+\S+\s+`json:"(\w+)/gm)].map(
      ([, go = "", key = ""]) => [go, key],
    ),
  );
  const calls = readFileSync(options, "utf8").matchAll(/fs\.\w*Var\(.*?&?c\.([\w.]+)[^"]*"([\w-]+)"/g);
  return Object.fromEntries(
    [...calls].map(([, field = "", name = ""]) => [
      name,
      field
        .replace(/\.Duration$/, "")
        .split(".")
        .map((part) => named.get(part) ?? part)
        .join("."),
    ]),
  );
}

write("kubelet-arguments", kubeletArguments());
