import { parse } from "yaml";
import type { Cluster } from "../cluster/cluster.ts";
import { originOfArgument } from "../cluster/origin.ts";
import { flag } from "../node/processes.ts";
import type { Enumerated } from "../probe/enumeration.ts";
import type { Component } from "./component.ts";
import { unasked } from "./jwt-issuer.ts";
import { webhookIn } from "./webhook-kubeconfig.ts";

/** The file of --authorization-config (apiserver.config.k8s.io). */
interface AuthorizationConfiguration {
  authorizers?: {
    type: string;
    name?: string;
    webhook?: { failurePolicy?: string; connectionInfo?: { kubeConfigFile?: string } };
  }[];
}

/** A line of an ABAC policy file. */
interface Policy {
  spec?: { user?: string; group?: string };
}

/**
 * Each authorizer of an API server in its order, read off its live process and the files that it names. The first that allows
 * a request decides: at fault is what allows beside Node and RBAC, and what falls silent when it fails.
 */
export async function authorizers(cluster: Cluster, apiServer: Component): Promise<Enumerated[]> {
  const process = await apiServer.process();
  const file = flag(process, "authorization-config");
  const from = (name: string) => originOfArgument(cluster, "kube-apiserver", name);
  if (file) {
    const config = parse(await apiServer.readFile(file)) as AuthorizationConfiguration;
    const origin = from("authorization-config");
    return Promise.all(
      (config.authorizers ?? []).map(({ type, webhook: { failurePolicy, connectionInfo } = {} }) =>
        type === "Webhook"
          ? webhook(apiServer, connectionInfo?.kubeConfigFile, failurePolicy, origin)
          : byMode(type, origin),
      ),
    );
  }
  // Without either argument everybody may do everything (pkg/kubeapiserver/options/authorization.go).
  const modes = (flag(process, "authorization-mode") ?? "AlwaysAllow").split(",");
  return Promise.all(
    modes.map(async (mode) => {
      if (mode === "Webhook") {
        const path = flag(process, "authorization-webhook-config-file");
        // Arguments have no failure policy; the API server takes NoOpinion for them.
        return webhook(apiServer, path, "NoOpinion", from("authorization-webhook-config-file"));
      }
      if (mode === "ABAC") return abac(apiServer, flag(process, "authorization-policy-file"), from);
      return byMode(mode, from("authorization-mode"));
    }),
  );
}

function byMode(mode: string, from: string | undefined): Enumerated {
  if (mode === "Node" || mode === "RBAC" || mode === "AlwaysDeny") return { what: mode };
  const fault =
    mode === "AlwaysAllow" ? "which lets everybody do everything" : "which planeproof does not know";
  return { what: mode, from, fault };
}

async function webhook(
  apiServer: Component,
  kubeconfig: string | undefined,
  failurePolicy: string | undefined,
  from: string | undefined,
): Promise<Enumerated> {
  // Without a kubeconfig it is a service of the cluster (connectionInfo.type: InClusterConfig).
  const { server, unverified } = kubeconfig
    ? webhookIn(await apiServer.readFile(kubeconfig))
    : { server: "in the cluster" };
  const silent =
    failurePolicy === "Deny" ? undefined : "whose refusals are void while it cannot be reached (NoOpinion)";
  const what = `Webhook ${server}, failure policy ${failurePolicy ?? "none"}`;
  return { what, from, fault: unverified ?? silent ?? unasked(from) };
}

async function abac(
  apiServer: Component,
  file: string | undefined,
  from: (name: string) => string | undefined,
): Promise<Enumerated> {
  const lines = file ? (await apiServer.readFile(file)).split("\n") : [];
  const policies = lines.filter((line) => /^\s*\{/.test(line)).map((line) => JSON.parse(line) as Policy);
  const subjects = policies.map(({ spec: { user, group } = {} }) =>
    group ? `the group ${group}` : `the user ${user ?? "(none)"}`,
  );
  return {
    what: `ABAC by ${file}, for ${[...new Set(subjects)].join(", ") || "nobody"}`,
    from: from("authorization-policy-file") ?? from("authorization-mode"),
    fault: "whose rights RBAC does not show, and only a restart of the API server revokes",
  };
}
