import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeAll, expect, test } from "vitest";
import { byCertificate, byToken, type Identity, nobody } from "../identity/index.ts";
import { Authority, describeCertificate, type Leaf } from "../pki/index.ts";
import { ApiServer } from "./api-server.ts";
import { localNode } from "./local-node.test-data.ts";
import type { RunScope } from "./run-scope.ts";

// A TLS server of our own and a live process with the arguments of an API server: how planeproof finds and dials one.
let [ca, serving]: [Authority | undefined, Leaf | undefined] = [undefined, undefined];
let client: Identity;
beforeAll(async () => {
  ca = await Authority.create({ cn: "kubernetes" });
  serving = await ca.issue({ cn: "kube-apiserver", usages: ["server"], sans: { ip: ["127.0.0.1"] } });
  client = byCertificate(await ca.issue({ cn: "somebody", usages: ["client"] }));
});

const started: { close: () => void }[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.close();
});

/** Tells who calls, by certificate or token; without either it is 401. */
async function serve(): Promise<number> {
  const { certPem: cert = "", keyPem: key = "" } = serving ?? {};
  const options = { cert, key, ca: ca?.certPem ?? "", requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    const name = (request.socket as TLSSocket).getPeerX509Certificate()?.subject;
    const caller = name ?? request.headers.authorization;
    response.writeHead(caller ? 200 : 401).end(caller ? `${request.url} for ${caller}` : "Unauthorized");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  started.push({ close: () => server.close() });
  return (server.address() as AddressInfo).port;
}

/** An API server on this machine: a process of that name with some arguments, and files below a directory. */
async function apiServer(args: string[], files: Record<string, string> = {}): Promise<ApiServer> {
  const root = mkdtempSync(join(tmpdir(), "planeproof-api-server-"));
  const program = join(root, "kube-apiserver");
  symlinkSync("/bin/bash", program);
  const child: ChildProcess = spawn(program, ["-c", "read -r _", "--", ...args], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, "etc/kubernetes"), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  started.push({
    close: () => {
      child.kill();
      rmSync(root, { recursive: true });
    },
  });
  const made = new Map<string, Promise<unknown>>();
  const scope = {
    once: (what: string, make: () => Promise<unknown>) => made.get(what) ?? made.set(what, make()).get(what),
  } as unknown as RunScope;
  return new ApiServer(scope, localNode({ root, pids: [child.pid ?? 0] }));
}

test("is dialled at its own address and the port of its live process, as whoever asks", async () => {
  const port = await serve();
  const server = await apiServer([`--secure-port=${port}`]);
  expect(await server.endpoint()).toEqual({ host: "127.0.0.1", port });
  expect(await server.get(client, "/version")).toMatchObject({
    vantage: "host",
    to: `127.0.0.1:${port}`,
    outcome: { kind: "accepted", status: 200, data: expect.stringContaining("CN=somebody") },
  });
  expect((await server.get(byToken("opaque-1", "a token"), "/version")).outcome).toMatchObject({
    kind: "accepted",
    data: expect.stringContaining("Bearer opaque-1"),
  });
  expect((await server.get(nobody, "/version")).outcome).toMatchObject({
    layer: "authentication",
    status: 401,
  });
});

test("its certificate is judged as a client judges it", async () => {
  const server = await apiServer([`--secure-port=${await serve()}`]);
  const rogue = await Authority.create({ cn: "kubernetes" });
  const { outcome } = await server.servedCertificate({ trust: ca?.certPem ?? "" });
  expect(outcome.kind === "accepted" && describeCertificate(outcome.data).subject.cn).toBe("kube-apiserver");
  for (const judge of [{ trust: rogue.certPem }, { trust: ca?.certPem ?? "", serverName: "kubernetes" }]) {
    expect((await server.servedCertificate(judge)).outcome).toMatchObject({ kind: "refused", layer: "tls" });
  }
});

const conditions = (...paths: string[]) =>
  `kind: AuthenticationConfiguration\nanonymous: {enabled: true, conditions: [${paths.map((path) => `{path: ${path}}`)}]}\n`;

test.each<[string, string[], Record<string, string>, string, number]>([
  ["by default", [], {}, "/version", 403],
  ["--anonymous-auth=false", ["--anonymous-auth=false"], {}, "/version", 401],
  [
    "a path that the configuration names",
    ["--authentication-config=/etc/kubernetes/auth.yaml"],
    { "etc/kubernetes/auth.yaml": conditions("/livez") },
    "/livez?verbose",
    403,
  ],
  [
    "a path that it does not name",
    ["--authentication-config=/etc/kubernetes/auth.yaml"],
    { "etc/kubernetes/auth.yaml": conditions("/livez") },
    "/version",
    401,
  ],
])(
  "how an anonymous request is refused follows the live setting: %s",
  async (_what, args, files, path, status) => {
    const server = await apiServer(args, files);
    expect(await server.refusesAnonymous(path)).toMatchObject({ status });
  },
);
