import { stringify } from "yaml";
import type { Lab } from "../lab/lab.ts";
import { controlName } from "../results/coverage.ts";
import type { ClaimResult, ControlResult, MutantResult } from "../results/schema.ts";
import type { Undo } from "../support/undo.ts";

/** What every mutant says of itself. */
interface Sabotage {
  /** Different from every other mutant's, in any channel: it is named on the command line. */
  id: string;
  /** What is sabotaged, in words: "sets --client-cert-auth=false on etcd". */
  does: string;
  /**
   * What it must turn red: claims of any channel, by id, each by a negative control of its own. Where a claim has several, the
   * controls are named: `etcd-client/own-ca: a client shows a certificate of the cluster's CA`. A positive
   * control or an observation counts only by its name.
   */
  breaks: string[];
  /** The version to boot, where its claims do not speak of the usual one. */
  kubernetes?: string;
  /** Proved to change nothing: then the claims of `breaks` must still hold. Why it changes nothing. */
  equivalent?: string;
}

/** A sabotage of a running cluster, which can be undone. */
export interface LiveMutant extends Sabotage {
  /** Applies it and waits until it is in effect; returns what undoes it, and waits until that is in effect. */
  live: (lab: Lab) => Promise<Undo>;
  /** The cluster of clusters/ that it sabotages; `default` unless given. */
  cluster?: string;
}

/** A sabotage by a kubeadm patch, with which a cluster of its own boots. */
export interface BootMutant extends Sabotage {
  /** One kubeadm patch in YAML: `kind: ClusterConfiguration` and what it changes. */
  patch: string;
  /** How many control planes it takes; one unless given. */
  controlPlanes?: number;
}

export type Mutant = LiveMutant | BootMutant;

/** States a mutant, in the default export of a channel's mutants.ts. */
export function mutant(stated: Mutant): Mutant {
  return stated;
}

export function isLive(one: Mutant): one is LiveMutant {
  return "live" in one;
}

export function isBoot(one: Mutant): one is BootMutant {
  return "patch" in one;
}

/** The claims that a mutant must break, and of each the negative controls that must turn red; any one where none is named. */
export function targetsOf({ breaks }: Pick<Mutant, "breaks">): Map<string, string[]> {
  const targets = new Map<string, string[]>();
  for (const entry of breaks) {
    const [, claim = entry, control] = /^(\S+): (.*)$/.exec(entry) ?? [];
    targets.set(claim, [...(targets.get(claim) ?? []), ...(control ? [control] : [])]);
  }
  return targets;
}

/** The kind config file of a boot mutant, which kind without planeproof boots as well. */
export function kindFile({ id, does, patch, controlPlanes = 1, kubernetes }: BootMutant): string {
  const version = kubernetes === undefined ? "" : `# Boot it as Kubernetes ${kubernetes}.\n`;
  const config = {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: Array.from({ length: controlPlanes }, () => ({ role: "control-plane" })),
    kubeadmConfigPatches: [dedented(patch)],
  };
  return `# planeproof mutant ${id}: ${does}.\n${version}${stringify(config)}`;
}

/** A patch stands indented among the fields of its mutant. */
function dedented(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => `${line.slice(indent)}\n`).join("");
}

/** What a mutant's claims said before it, during it, and once it was undone. */
export interface Proofs {
  before: readonly ClaimResult[];
  during: readonly ClaimResult[];
  /** undefined where its cluster is destroyed instead. */
  after: readonly ClaimResult[] | undefined;
}

/**
 * What became of a mutant. Each claim that it names must hold before it and after it, and be broken during it by a negative
 * control: by all that it names. A claim that turned red without being named is collateral. Where it is equivalent, the named
 * claims must hold during it too, and no claim at all may turn red.
 */
export function judgeMutant(mutant: Mutant, { before, during, after }: Proofs, ms: number): MutantResult {
  const targets = targetsOf(mutant);
  const breaks = [...targets.keys()];
  const held = (results: readonly ClaimResult[]) =>
    breaks.filter((id) => results.some((claim) => claim.id === id && holds(claim)));
  const red = new Map(breaks.map((id) => [id, redControls(during.find((claim) => claim.id === id))]));
  const kills = (id: string) => red.get(id)?.negative ?? [];
  const whole = held(before).filter((id) => !after || held(after).includes(id));
  const killedBy = whole.filter((id) => {
    const named = targets.get(id) ?? [];
    return named.length > 0
      ? named.every((control) => red.get(id)?.any.includes(control))
      : kills(id).length > 0;
  });
  const broken = during.filter(({ verdict, asExpected }) => verdict === "broken" && !asExpected);
  const result = {
    id: mutant.id,
    kind: isLive(mutant) ? "live" : "boot",
    before: held(before),
    ...(after && { after: held(after) }),
    ms: Math.round(ms),
  } as const;
  if (mutant.equivalent !== undefined) {
    const equivalent = breaks.length > 0 && held(during).length === breaks.length && broken.length === 0;
    const collateral = broken.map(({ id }) => id);
    return { ...result, breaks: [], killedBy: [], kills: [], survived: !equivalent, equivalent, collateral };
  }
  return {
    ...result,
    breaks,
    killedBy,
    kills: killedBy.flatMap((claim) => kills(claim).map((control) => ({ claim, control }))),
    survived: breaks.length === 0 || killedBy.length < breaks.length,
    equivalent: false,
    collateral: broken.map(({ id }) => id).filter((id) => !breaks.includes(id)),
  };
}

/** Whether a claim is as it is on a cluster that nobody sabotaged. */
export function holds({ verdict }: ClaimResult): boolean {
  return verdict === "holds" || verdict === "outdated" || verdict === "closed";
}

/** The controls of a claim that were not met; not those that got no answer to judge. */
function redControls(claim: ClaimResult | undefined): Record<"negative" | "any", string[]> {
  const red = claim?.controls.filter(({ ok, observed }) => !ok && observed.kind !== "failed") ?? [];
  const names = (some: ControlResult[]) => [...new Set(some.map(controlName))];
  return { negative: names(red.filter(({ kind }) => kind === "negative")), any: names(red) };
}
