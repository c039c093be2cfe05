import type { Node } from "../node/node.ts";
import { observation } from "./observation.ts";
import type { Exchange } from "./outcome.ts";

/** One of all that there are of something: of the certificates in a file of CAs, of an API server's authenticators. */
export interface Enumerated {
  /** In words that are safe to report. */
  what: string;
  /** Where the user's config brings it; undefined for what kubeadm makes, and for what nobody asked for. */
  from?: string | undefined;
  /** Why it should not be there, in words; undefined for what may. */
  fault?: string | undefined;
}

/** An enumeration as an exchange; its summary names each, those at fault first. */
export function enumeration(node: Node, where: string, all: readonly Enumerated[]): Exchange<Enumerated[]> {
  const at = all.filter(({ fault }) => fault !== undefined);
  const others = all.filter(({ fault }) => fault === undefined).map(inWords);
  const rest = others.join("; ") || "nothing";
  const summary = at.length > 0 ? `too much: ${at.map(inWords).join("; ")}; beside: ${rest}` : rest;
  return observation(node, where, [...all], summary);
}

/** What an enumeration must show: everything in it may be there. */
export function nothingBeyond(what: string) {
  return {
    shows: what,
    where: (all: Enumerated[]) => all.every(({ fault }) => fault === undefined),
  };
}

function inWords({ what, from, fault }: Enumerated): string {
  return [what, fault, from && `by ${from}`].filter(Boolean).join(", ");
}
