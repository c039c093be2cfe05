import type { Enumerated } from "../probe/enumeration.ts";

/** How a user name or groups are made from a token's claims (apiserver.config.k8s.io, ClaimMappings). */
export interface Mapping {
  claim?: string;
  prefix?: string;
  expression?: string;
}

/** An issuer of JWTs, as an AuthenticationConfiguration has it. */
export interface JwtIssuer {
  issuer?: { url?: string };
  claimMappings?: { username?: Mapping; groups?: Mapping };
  userValidationRules?: { expression?: string }[];
}

/**
 * The issuer in the `--oidc-…` arguments, as the API server itself turns them into an AuthenticationConfiguration
 * (pkg/kubeapiserver/options/authentication.go, ToAuthenticationConfig): names are prefixed with the issuer unless they
 * are mail addresses, groups are not prefixed by themselves.
 */
export function issuerInArguments(argument: (name: string) => string | undefined): JwtIssuer | undefined {
  const url = argument("oidc-issuer-url");
  if (!url) return undefined;
  const claim = argument("oidc-username-claim") ?? "sub";
  const given = argument("oidc-username-prefix");
  const prefix = given === "-" ? "" : given || (claim === "email" ? "" : `${url}#`);
  const groups = argument("oidc-groups-claim");
  return {
    issuer: { url },
    claimMappings: {
      username: { claim, prefix },
      ...(groups ? { groups: { claim: groups, prefix: argument("oidc-groups-prefix") ?? "" } } : {}),
    },
  };
}

/** An issuer among the authenticators: at fault where its word alone can make somebody a `system:` user or group. */
export function jwtIssuer(
  { issuer, claimMappings: { username, groups } = {}, userValidationRules = [] }: JwtIssuer,
  from: string | undefined,
): Enumerated {
  const rules = userValidationRules.flatMap(({ expression = "" }) => simplified(expression).split("&&"));
  const names = username && !forbidsNames(rules) && !isMail(username) && mayYieldSystem(username);
  const members = groups && !forbidsGroups(rules) && mayYieldSystem(groups);
  const may = [names && "users", members && "groups"].filter(Boolean).join(" and ");
  const harm = may
    ? `which may name its ${may} system: (no prefix, and no rule against it), system:masters for one`
    : undefined;
  return { what: `tokens (JWT) of ${issuer?.url ?? "no issuer"}`, from, fault: harm ?? unasked(from) };
}

/** What nobody asked for is at fault even where it grants little. */
export function unasked(from: string | undefined): string | undefined {
  return from === undefined ? "which nothing in the config asks for" : undefined;
}

const SYSTEM = "system:";

function mayYieldSystem({ claim, prefix = "", expression = "" }: Mapping): boolean {
  const prefixes = claim === undefined ? prefixesIn(simplified(expression)) : [prefix];
  return (
    prefixes === undefined || prefixes.some((text) => text.startsWith(SYSTEM) || SYSTEM.startsWith(text))
  );
}

/** Mail addresses need no prefix: so Kubernetes' own default has it. */
function isMail({ claim, prefix = "", expression = "" }: Mapping): boolean {
  return (claim === "email" && prefix === "") || simplified(expression) === "claims.email";
}

const TEXT = "'([^']*)'";
const STARTS_WITH_TEXT = new RegExp(`^${TEXT}(?:\\+[^?:|]*)?$`);
const LIST_OF_TEXTS = new RegExp(`^\\[(?:${TEXT},?)*\\]$`);
const MAPPED = new RegExp(
  `^(?:has\\([\\w.]+\\)\\?)?claims[\\w.]*\\.map\\((\\w+),${TEXT}\\+\\1\\)(?::\\[\\])?$`,
);

/** The texts with which everything begins that a CEL expression yields; undefined where that cannot be read off it. */
function prefixesIn(expression: string): string[] | undefined {
  if (LIST_OF_TEXTS.test(expression)) {
    return [...expression.matchAll(new RegExp(TEXT, "g"))].map(([, text = ""]) => `${text}\n`);
  }
  const found = STARTS_WITH_TEXT.exec(expression)?.[1] ?? MAPPED.exec(expression)?.[2];
  return found === undefined ? undefined : [found];
}

function forbidsNames(rules: readonly string[]): boolean {
  return rules.includes(`!user.username.startsWith('${SYSTEM}')`);
}

function forbidsGroups(rules: readonly string[]): boolean {
  return rules.some((rule) => /^user\.groups\.all\((\w+),!\1\.startsWith\('system:'\)\)$/.test(rule));
}

/** CEL without white space, texts in single quotes. */
function simplified(expression: string): string {
  return expression.replace(/\s+/g, "").replaceAll('"', "'");
}
