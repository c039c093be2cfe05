import type { ControlResult, Documented, Expected, Observed } from "./schema.ts";
import { alertName, type ControlKind } from "./vocabulary.ts";

/** What a control was to see: `refused by TLS, alert 48 (unknown CA)`. */
export function describeExpected(expected: Expected): string {
  if (expected.kind === "accepted") {
    return join(["accepted", expected.status], expected.shows && `showing ${expected.shows}`);
  }
  const { layer, alert, status, reason } = expected;
  const name = alert === undefined ? undefined : alertName(alert);
  const number = alert === undefined ? undefined : `alert ${alert}${name ? ` (${name})` : ""}`;
  return join([refusedBy(layer), number, status], reason && `matching /${reason}/`);
}

/** Who does what, and after which change: `the account lists pods, after the binding was deleted`. */
export function describeControl({ name, after }: Pick<ControlResult, "name" | "after">): string {
  return after === undefined ? name : `${name}, ${after}`;
}

/** What has to come of a control of that kind, in words. */
export const MUST: Record<ControlKind, string> = {
  positive: "must work",
  negative: "must be refused",
  observation: "must be seen",
};

/** What a control saw: `refused by TLS, alert 48: unknown ca`. */
export function describeObserved(observed: Observed): string {
  if (observed.kind === "failed") return join(["no answer to judge"], observed.reason);
  if (observed.kind === "accepted") return join(["accepted", observed.status], observed.summary);
  const { layer, alert, status, reason } = observed;
  return join([refusedBy(layer), alert === undefined ? undefined : `alert ${alert}`, status], reason);
}

/** `Securing the control plane, etcd clients` */
export function describeDocumented({ source, section }: Documented): string {
  return `${source}, ${section}`;
}

function refusedBy(layer: string): string {
  return `refused by ${layer === "tcp" || layer === "tls" ? layer.toUpperCase() : layer}`;
}

function join(parts: (string | number | undefined)[], detail: string | undefined): string {
  const said = parts.filter((part) => part !== undefined).join(", ");
  return detail ? `${said}: ${detail}` : said;
}
