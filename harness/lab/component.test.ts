import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { ApiClient } from "./api-client.ts";
import { Component } from "./component.ts";
import { localNode } from "./local-node.test-data.ts";
import type { RunScope } from "./run-scope.ts";

const cleanups: (() => void)[] = [];
afterAll(() => {
  for (const cleanup of cleanups) cleanup();
});
const scope = () =>
  ({ once: (_what: string, make: () => Promise<unknown>) => make() }) as unknown as RunScope;

/** A live process of that name with some arguments, on a node that has these files. */
async function running(command: string, args: string[], files: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), "planeproof-component-"));
  symlinkSync("/bin/bash", join(root, command));
  const child = spawn(join(root, command), ["-c", "read -r _", "--", ...args], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  cleanups.push(() => {
    child.kill();
    rmSync(root, { recursive: true });
  });
  mkdirSync(join(root, "etc/kubernetes"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "etc/kubernetes", name), text);
  return localNode({ root, pids: [child.pid ?? 0] });
}

const kubeconfig = (server: string) =>
  stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server } }],
    users: [{ name: "u", user: { token: "a-component's-token" } }],
  });

test("a component's arguments are those of its live process; the last of several counts", async () => {
  const node = await running("etcd", ["--data-dir=/a", "--data-dir", "/b", "--client-cert-auth"]);
  const etcd = new Component(scope(), node, "etcd");
  expect(await etcd.argument("data-dir")).toBe("/b");
  expect(await etcd.argumentValues("data-dir")).toEqual(["/a", "/b"]);
  expect(await etcd.argument("client-cert-auth")).toBe("true");
  expect(await etcd.argument("cert-file")).toBeUndefined();
});

test("a file is read where the live process sees it", async () => {
  const node = await running("etcd", ["--cert-file=/etc/kubernetes/own.crt"], { "own.crt": "a certificate" });
  const etcd = new Component(scope(), node, "etcd");
  expect(await etcd.fileOf("cert-file")).toBe("a certificate");
  await expect(etcd.fileOf("key-file")).rejects.toThrow("etcd on node local was started without --key-file");
});

test("of two kubeconfigs the one of the configuration file counts", async () => {
  const args = ["--kubeconfig=/etc/kubernetes/argument.conf", "--config=/etc/kubernetes/config.yaml"];
  const files = {
    "argument.conf": kubeconfig("https://argument:6443"),
    "file.conf": kubeconfig("https://file:6443"),
    "config.yaml": "clientConnection: {kubeconfig: /etc/kubernetes/file.conf}\n",
  };
  const client = async (args: string[]) =>
    new ApiClient(scope(), await running("kube-scheduler", args, files), "kube-scheduler");
  expect((await (await client(args)).kubeconfig()).server).toBe("https://file:6443");
  expect((await (await client(args.slice(0, 1))).kubeconfig()).server).toBe("https://argument:6443");
  await expect((await client([])).kubeconfig()).rejects.toThrow(
    /live kube-scheduler on node local has no kubeconfig/,
  );
  await expect((await client(args)).certificate()).rejects.toThrow(/holds no client certificate/);
});
