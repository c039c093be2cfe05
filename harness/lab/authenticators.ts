import { parse } from "yaml";
import { anonymousRequests } from "../cluster/anonymous.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { originOfArgument, originOfFile } from "../cluster/origin.ts";
import type { Identity } from "../identity/index.ts";
import { flag, flags } from "../node/processes.ts";
import { publicKeyId, publicKeysIn } from "../pki/index.ts";
import type { Enumerated } from "../probe/enumeration.ts";
import type { Component } from "./component.ts";
import { issuerInArguments, type JwtIssuer, jwtIssuer, unasked } from "./jwt-issuer.ts";
import { staticTokens } from "./static-tokens.ts";
import { webhookIn } from "./webhook-kubeconfig.ts";

/** The file of --authentication-config, as far as it says who is let in (apiserver.config.k8s.io). */
interface AuthenticationConfiguration {
  jwt?: JwtIssuer[];
}

/** What an authenticator is read off: the live process of an API server. */
interface Source {
  apiServer: Component;
  given: (name: string) => string | undefined;
  every: (name: string) => string[];
  from: (name: string) => string | undefined;
  cluster: Cluster;
}

/**
 * Every way by which an API server comes to know who calls, read off its live process and the files that it names. At fault
 * is what kubeadm does not give it, unless the config asks for it and it makes nobody a `system:` user or group.
 */
export async function authenticators(cluster: Cluster, apiServer: Component): Promise<Enumerated[]> {
  const process = await apiServer.process();
  const source: Source = {
    apiServer,
    given: (name) => flag(process, name),
    every: (name) => flags(process, name),
    from: (name) => originOfArgument(cluster, "kube-apiserver", name),
    cluster,
  };
  const all = [
    clientCertificates(source),
    requestHeaders(source),
    bootstrapTokens(source),
    ...(await serviceAccountKeys(source)),
    ...serviceAccountIssuers(source),
    await ofStaticTokens(source),
    ...(await jwtIssuers(source)),
    await webhook(source),
    await anonymous(source),
  ];
  return all.filter((one) => one !== undefined);
}

function clientCertificates({ given }: Source): Enumerated | undefined {
  const file = given("client-ca-file");
  return file ? { what: `client certificates of the CAs in ${file}` } : undefined;
}

function requestHeaders({ given, from }: Source): Enumerated | undefined {
  const file = given("requestheader-client-ca-file");
  if (!file) return undefined;
  const names = given("requestheader-allowed-names");
  return {
    what: `user names in the headers of ${names || "whoever"}, of the CAs in ${file}`,
    from: from("requestheader-allowed-names"),
    fault: names ? undefined : "which lets every certificate of these CAs speak for anybody",
  };
}

function bootstrapTokens({ given }: Source): Enumerated | undefined {
  return given("enable-bootstrap-token-auth") === "true" ? { what: "bootstrap tokens" } : undefined;
}

/** A key that signs no tokens is one in rotation where the config has it. */
async function serviceAccountKeys({ apiServer, given, every, from, cluster }: Source): Promise<Enumerated[]> {
  const signing = given("service-account-signing-key-file");
  const own = signing && publicKeyId(await apiServer.readFile(signing));
  const files = every("service-account-key-file");
  const perFile = await Promise.all(
    files.map(async (file) =>
      publicKeysIn(await apiServer.readFile(file)).map((pem): Enumerated => {
        if (publicKeyId(pem) === own) return { what: `service account tokens under the key in ${file}` };
        const origin = from("service-account-key-file") ?? originOfFile(cluster, file);
        const what = `service account tokens under another key in ${file}, which signs none here`;
        return { what, from: origin, fault: unasked(origin) };
      }),
    ),
  );
  const endpoint = given("service-account-signing-endpoint");
  const outside = `service account tokens under the keys of the signer at ${endpoint}`;
  const origin = from("service-account-signing-endpoint");
  return [...perFile.flat(), ...(endpoint ? [{ what: outside, from: origin, fault: unasked(origin) }] : [])];
}

function serviceAccountIssuers({ every, from, cluster }: Source): Enumerated[] {
  const usual = `https://kubernetes.default.svc.${cluster.facts.settings.dnsDomain}`;
  const origin = from("service-account-issuer");
  return every("service-account-issuer").map((issuer) => {
    const what = `service account tokens of the issuer ${issuer}`;
    return issuer === usual ? { what } : { what, from: origin, fault: unasked(origin) };
  });
}

/** The bearers of an API server's static tokens. */
export async function staticBearers(apiServer: Component): Promise<Identity[]> {
  const file = await apiServer.argument("token-auth-file");
  return file ? staticTokens(await apiServer.readFile(file)).map(({ bearer }) => bearer) : [];
}

async function ofStaticTokens({ apiServer, given, from }: Source): Promise<Enumerated | undefined> {
  const file = given("token-auth-file");
  if (!file) return undefined;
  const users = staticTokens(await apiServer.readFile(file)).map(
    ({ user, groups }) => `${user}${groups.length > 0 ? ` in ${groups.join(", ")}` : ""}`,
  );
  return {
    what: `static tokens in ${file}: ${users.join("; ") || "none"}`,
    from: from("token-auth-file"),
    fault: "which never end, and only a restart of the API server revokes them",
  };
}

async function jwtIssuers(source: Source): Promise<Enumerated[]> {
  const legacy = issuerInArguments(source.given);
  const { jwt = [] } = await structured(source);
  return [
    ...(legacy ? [jwtIssuer(legacy, source.from("oidc-issuer-url"))] : []),
    ...jwt.map((issuer) => jwtIssuer(issuer, source.from("authentication-config"))),
  ];
}

async function webhook({ apiServer, given, from }: Source): Promise<Enumerated | undefined> {
  const file = given("authentication-token-webhook-config-file");
  if (!file) return undefined;
  const { server } = webhookIn(await apiServer.readFile(file));
  return {
    what: `tokens that the webhook ${server} believes`,
    from: from("authentication-token-webhook-config-file"),
    fault: "which may say of any token that its bearer is anybody, in system:masters for one",
  };
}

async function anonymous({ apiServer }: Source): Promise<Enumerated | undefined> {
  const { enabled, paths = [] } = await anonymousRequests(apiServer.node);
  if (!enabled) return undefined;
  return { what: `no credential at all (system:anonymous), on ${paths.join(", ") || "every path"}` };
}

async function structured({ apiServer, given }: Source): Promise<AuthenticationConfiguration> {
  const file = given("authentication-config");
  return file ? ((parse(await apiServer.readFile(file)) as AuthenticationConfiguration | null) ?? {}) : {};
}
