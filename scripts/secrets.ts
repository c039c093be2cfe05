import { createPrivateKey, randomBytes, randomInt } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { down } from "../harness/cli/clusters.ts";
import { reportError } from "../harness/cli/report-error.ts";
import { type VerifyOptions, verify } from "../harness/cli/verify.ts";
import { attach } from "../harness/cluster/attach.ts";
import { leases } from "../harness/lease/lease-file.ts";
import type { Node } from "../harness/node/node.ts";
import { redactOutput } from "../harness/support/secrets/output.ts";
import { newSecrets } from "../harness/support/secrets/registry.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";
import { runScript } from "./run-script.ts";
import { Search, type Sought } from "./secrets/search.ts";

/** The audit log holds what is worst: every Secret, every token request and every review, with the bodies. */
const AUDIT = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: RequestResponse
  resources:
  - {group: "", resources: [secrets, serviceaccounts/token]}
  - {group: authentication.k8s.io, resources: ["*"]}
- level: Metadata
  verbs: [create]
- level: None
`;

/**
 * Runs `verify` twice, on a config that is full of secrets and whose cluster is open, so that claims fail and evidence is
 * collected, and on one that does not boot. Then searches for every secret in all that was written and printed:
 * those that the runs registered, and those that this script made or read off the nodes by itself. `npm run secrets`.
 */
const scratch = await temporaryDirectory();
const printed: string[] = [];
const say = capture();
redactOutput();

await runScript(async () => {
  const own = ownSecrets();
  const sought: Sought[] = Object.entries(own).map(([what, text]) => ({ what, bytes: Buffer.from(text) }));
  const ran = await run("open", config(own, { "authorization-mode": "AlwaysAllow" }), "always");
  sought.push(...(await secretsOfKept("open")));
  const failed = await run("failing", config(own, { "no-such-argument": "1" }), "never");
  if (ran !== 1 || failed !== 3)
    throw new Error(`the runs ended with ${ran} and ${failed}, not with 1 and 3`);
  const registered = newSecrets();
  for (const secret of registered) {
    const bytes = "text" in secret ? Buffer.from(secret.text) : Buffer.from(secret.base64, "base64");
    sought.push({ what: "a registered secret", bytes });
  }

  const search = new Search(sought);
  const leaks = ["open", "failing"].flatMap((name) => search.below(join(scratch.path, name)));
  leaks.push(...search.in(Buffer.from(printed.join("")).toString("latin1"), "what was printed"));
  for (const [leak, count] of counted(
    leaks.map(({ where, what, encoding }) => `${where}: ${what}, ${encoding}`),
  ))
    say(`LEAK  ${leak} (${count} times)\n`);
  const audit = readFileSync(findAudit(join(scratch.path, "open")), "latin1");
  const redactions = audit.split("[secret]").length - 1;
  say(
    `${sought.length} secrets (${registered.length} registered) searched for; ${redactions} redacted in the audit log\n`,
  );
  if (redactions === 0)
    throw new Error("the audit log shows no redaction: it was not searched, or held nothing");
  process.exitCode = leaks.length > 0 ? 1 : 0;
  say(leaks.length > 0 ? `${leaks.length} leaks\n` : "no secret left the process\n");
});
await scratch[Symbol.asyncDispose]();
process.exit(); // a runner's idle worker keeps nobody waiting

/** Secrets of a user, each of a kind that configs have: a bootstrap token without a digit, which no pattern knows. */
function ownSecrets() {
  const letters = (length: number) =>
    Array.from({ length }, () => "bcdfghjklmnpqrstvwxz"[randomInt(20)]).join("");
  const [id, half] = [letters(6), letters(16)];
  return {
    "a bootstrap token": `${id}.${half}`,
    "a bootstrap token's secret half": half,
    "a certificate key": randomBytes(32).toString("hex"),
    "a static token": `static-${randomBytes(12).toString("hex")}`,
    "a password in the environment": `pass/word+${randomBytes(9).toString("hex")}`,
    "a registry's password": `registry-${letters(12)}`,
  };
}

/** Writes a kind config with these secrets and an argument of the API server; returns its file. */
function config(own: ReturnType<typeof ownSecrets>, argument: Record<string, string>): string {
  const [name = ""] = Object.keys(argument);
  const mounted = join(scratch.path, "mounted");
  mkdirSync(mounted, { recursive: true });
  writeFileSync(join(mounted, "tokens.csv"), `${own["a static token"]},somebody,1000\n`);
  writeFileSync(join(mounted, "audit.yaml"), AUDIT);
  const file = join(scratch.path, `${name}.yaml`);
  const volume = (volume: string, path: string) =>
    `{name: ${volume}, hostPath: ${path}, mountPath: ${path}, readOnly: false, pathType: DirectoryOrCreate}`;
  writeFileSync(
    file,
    `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
containerdConfigPatches:
- |-
  [plugins."io.containerd.cri.v1.images".registry.configs."registry.example".auth]
    username = "somebody"
    password = "${own["a registry's password"]}"
nodes:
- role: control-plane
  extraMounts: [{hostPath: ${mounted}, containerPath: /etc/planeproof}]
kubeadmConfigPatches:
- |
  kind: InitConfiguration
  bootstrapTokens: [{token: ${own["a bootstrap token"]}}]
  certificateKey: ${own["a certificate key"]}
- |
  kind: ClusterConfiguration
  apiServer:
    extraArgs:
      ${name}: "${argument[name]}"
      token-auth-file: /etc/planeproof/tokens.csv
      audit-policy-file: /etc/planeproof/audit.yaml
      audit-log-path: /var/log/kubernetes/audit.log
    extraEnvs: [{name: SOME_PASSWORD, value: "${own["a password in the environment"]}"}]
    extraVolumes:
    - ${volume("mounted", "/etc/planeproof")}
    - ${volume("audit", "/var/log/kubernetes")}
`,
  );
  return file;
}

/** Runs `verify` in this process, which then holds the secrets; returns its exit code. */
async function run(name: string, file: string, keep: VerifyOptions["keep"]): Promise<number> {
  say(`running ${name}\n`);
  const options = { out: join(scratch.path, name), keep, provider: "kind" } as const;
  return verify([file], options).catch(reportError);
}

/** What the nodes of the kept cluster hold, read without the code that registers it; the cluster is destroyed then. */
async function secretsOfKept(out: string): Promise<Sought[]> {
  const report = JSON.parse(readFileSync(join(scratch.path, out, "report.json"), "utf8"));
  const host = report.runs[0].nodes[0].name as string;
  const name = leases()
    .flatMap(({ clusters }) => clusters.map((cluster) => cluster.name))
    .find((cluster) => host.startsWith(`${cluster}-`));
  if (!name) throw new Error("the cluster was not kept");
  try {
    const node = attach(name).controlPlane;
    return [...(await keysOn(node)), ...(await tokensOn(node)), ...(await secretsIn(node))];
  } finally {
    await down(name);
  }
}

async function keysOn(node: Node): Promise<Sought[]> {
  const text = await node.run([
    "bash",
    "-c",
    "cat /etc/kubernetes/pki/*.key /etc/kubernetes/pki/etcd/*.key /var/lib/kubelet/pki/*.pem",
  ]);
  const keys =
    text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g) ?? [];
  return keys.flatMap((pem) => {
    const { d, p, q } = createPrivateKey(pem).export({ format: "jwk" });
    const numbers = [d, p, q].filter((number) => number !== undefined);
    const last = pem.split("\n").at(-3) ?? ""; // in every form of an RSA key its secret numbers come last
    return [
      ...numbers.map((number) => ({
        what: "a number of a node's key",
        bytes: Buffer.from(number, "base64url"),
      })),
      ...(p ? [{ what: "a line of a node's key", bytes: Buffer.from(last) }] : []),
    ];
  });
}

async function tokensOn(node: Node): Promise<Sought[]> {
  const find = "find /var/lib/kubelet/pods -name token -path '*projected*' -exec cat {} + -exec echo \\;";
  const tokens = (await node.run(["bash", "-c", find])).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  return tokens.map((token) => ({
    what: "the signature of a pod's token",
    bytes: Buffer.from(token.split(".")[2] ?? ""),
  }));
}

async function secretsIn(node: Node): Promise<Sought[]> {
  const get = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", "get", "secrets", "-A", "-o", "json"];
  const { items } = JSON.parse(await node.run(get)) as { items: { data?: Record<string, string> }[] };
  return items.flatMap(({ data = {} }) =>
    Object.entries(data)
      .filter(
        ([name]) => !/^(namespace|.*\.crt|description|expiration|auth-extra-groups|usage-.*)$/.test(name),
      )
      .map(([name, value]) => ({
        what: `the value ${name} of a Secret`,
        bytes: Buffer.from(value, "base64"),
      })),
  );
}

/** Keeps what is printed from now on; returns what prints past it. */
function capture(): (text: string) => void {
  const say = process.stdout.write.bind(process.stdout);
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array) => {
      printed.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1"));
      return write(chunk);
    };
  }
  return (text) => void say(text);
}

function findAudit(directory: string): string {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const found = files.find((file) => file.endsWith("kubernetes/audit.log"));
  if (!found) throw new Error("the evidence has no audit log");
  return join(directory, found);
}

function counted(all: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}
