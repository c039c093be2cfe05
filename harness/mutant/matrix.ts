import { exposuresOf, type KnownExposure } from "../claim/exposure.ts";
import type { ClaimRunner, Selection } from "../claim/runner.ts";
import { channelOf } from "../claim/spec.ts";
import { bootUnder } from "../cluster/boot.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type ClusterDefinition, parseDefinition } from "../config/kind-config.ts";
import { Lab } from "../lab/lab.ts";
import { RunScope } from "../lab/run-scope.ts";
import type { Lease } from "../lease/lease.ts";
import type { ClaimResult, MutantResult } from "../results/schema.ts";
import { oneLine } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { type Ground, groundsOf } from "./ground.ts";
import {
  type BootMutant,
  holds,
  judgeMutant,
  kindFile,
  type LiveMutant,
  type Mutant,
  type Proofs,
  targetsOf,
} from "./mutant.ts";

export interface MatrixOptions {
  runner: ClaimRunner;
  /** A cluster of clusters/, by its name. */
  definition: (name: string) => Promise<ClusterDefinition>;
  exposures: readonly KnownExposure[];
  progress: Progress;
  /** Runs some work under a lease of its own, which ends when the work does. */
  leased: <T>(work: (lease: Lease) => Promise<T>) => Promise<T>;
  /** Told what kept a mutant from being killed, a line at a time. It may not return once the user asked to stop. */
  tell: (line: string) => Promise<void>;
}

/** A cluster that was booted sabotaged, and what its claims said. */
export interface BootedMutant {
  mutant: BootMutant;
  cluster: Cluster;
  claims: ClaimResult[];
}

/** What the claims said last on a cluster that nothing sabotages, by id. */
type Sound = Map<string, ClaimResult>;

/** The kill matrix: clusters are sabotaged, and the claims that must notice are run before, during and after. */
export class KillMatrix {
  readonly results: MutantResult[] = [];
  readonly booted: BootedMutant[] = [];
  /** What claims said on clusters that nothing sabotages. */
  readonly unsabotaged: ClaimResult[] = [];
  readonly #options: MatrixOptions;

  constructor(options: MatrixOptions) {
    this.#options = options;
  }

  /** For each kind of cluster: one for its live mutants, as long as it stays sound, and one of its own for each boot mutant. */
  async run(mutants: readonly Mutant[]): Promise<void> {
    for (const ground of groundsOf(mutants)) {
      const sound = await this.#runLive(ground);
      for (const mutant of ground.boot) await this.#runBoot(mutant, sound);
    }
  }

  /** Applies the live mutants one after the other. A cluster that one of them has spoiled is destroyed, and the next one booted. */
  async #runLive(ground: Ground): Promise<Sound> {
    const { leased, progress } = this.#options;
    const sound: Sound = new Map();
    const waiting = [...ground.live];
    let first = true;
    do {
      await leased(async (lease) => {
        const cluster = await this.#boot(lease, ground);
        const claims = first ? ground.claims : claimsOf(waiting[0]);
        first = false;
        await progress.step(`claims before, on ${cluster.facts.title}`, () =>
          this.#proveSound(cluster, claims, sound),
        );
        let fit = true;
        for (let mutant = waiting.shift(); mutant; mutant = fit ? waiting.shift() : undefined) {
          fit = await this.#sabotage(cluster, mutant, { sound, next: waiting[0] });
        }
      });
    } while (waiting.length > 0);
    return sound;
  }

  async #boot(lease: Lease, { cluster, controlPlanes, kubernetes }: Ground): Promise<Cluster> {
    const { definition, progress } = this.#options;
    const unsabotaged = { id: "unsabotaged", does: "nothing", breaks: [], patch: "", controlPlanes };
    const base =
      controlPlanes > 1 ? parseDefinition(kindFile(unsabotaged), unsabotaged.id) : definition(cluster);
    return bootUnder(lease, await base, { kubernetes, progress });
  }

  /**
   * Proves a live mutant: applies it, runs its claims, undoes it, and runs them again with those of the next one. Whether the
   * cluster is fit for that one.
   */
  async #sabotage(
    cluster: Cluster,
    mutant: LiveMutant,
    { sound, next }: { sound: Sound; next: LiveMutant | undefined },
  ): Promise<boolean> {
    const { progress } = this.#options;
    const started = performance.now();
    const before = claimsOf(mutant).flatMap((id) => sound.get(id) ?? []);
    return progress.step(`live mutant ${mutant.id}`, async (say) => {
      const { during, failure } = await this.#proveSabotaged(cluster, mutant);
      const wanted = [...new Set([...claimsOf(mutant), ...claimsOf(next)])];
      const undone = failure ? [] : await this.#proveSound(cluster, wanted, sound);
      const after = failure ? [] : claimsOf(mutant).flatMap((id) => sound.get(id) ?? []);
      say(await this.#judge(mutant, { before, during, after }, { started, failure }));
      const left = [...during, ...undone].some(({ leftBehind }) => leftBehind !== undefined);
      return !failure && !left && wanted.every((id) => isSound(sound.get(id)));
    });
  }

  /** What the claims say while a mutant is applied, and what kept it from being applied or undone. */
  async #proveSabotaged(
    cluster: Cluster,
    mutant: LiveMutant,
  ): Promise<{ during: ClaimResult[]; failure?: string }> {
    const lab = new Lab(new RunScope(cluster));
    const during: ClaimResult[] = [];
    const failures: string[] = [];
    try {
      const undo = await mutant.live(lab);
      try {
        during.push(...(await this.#prove(cluster, { channels: claimsOf(mutant).map(channelOf) })));
      } finally {
        await undo();
      }
    } catch (error) {
      failures.push(oneLine(error));
    }
    await lab.close().catch((error: unknown) => failures.push(oneLine(error)));
    return { during, ...(failures.length > 0 && { failure: failures.join("; ") }) };
  }

  async #runBoot(mutant: BootMutant, sound: Sound): Promise<void> {
    const { leased, progress } = this.#options;
    const started = performance.now();
    const before = claimsOf(mutant).flatMap((id) => sound.get(id) ?? []);
    await leased(async (lease) => {
      const definition = parseDefinition(kindFile(mutant), mutant.id);
      const cluster = await bootUnder(lease, definition, { kubernetes: mutant.kubernetes, progress });
      await progress.step(`boot mutant ${mutant.id}`, async (say) => {
        const during = await this.#prove(cluster, { channels: claimsOf(mutant).map(channelOf) });
        this.booted.push({ mutant, cluster, claims: during });
        say(await this.#judge(mutant, { before, during, after: undefined }, { started }));
      });
    }).catch((error: unknown) =>
      this.#judge(mutant, { before, during: [], after: undefined }, { started, failure: oneLine(error) }),
    );
  }

  /** Runs claims on a cluster that nothing sabotages, and keeps what they say. */
  async #proveSound(cluster: Cluster, claims: readonly string[], sound: Sound): Promise<ClaimResult[]> {
    if (claims.length === 0) return [];
    const results = await this.#prove(cluster, { claims });
    for (const id of claims) sound.delete(id);
    for (const claim of results) sound.set(claim.id, claim);
    this.unsabotaged.push(...results);
    return results;
  }

  async #prove(cluster: Cluster, selection: Selection): Promise<ClaimResult[]> {
    const { runner, exposures, tell } = this.#options;
    const setting = { facts: cluster.facts, exposures: await exposuresOf(cluster, exposures) };
    const { claims, lost } = await runner.run(setting, selection);
    for (const id of lost) await tell(`${id} gave no result`);
    return claims;
  }

  async #judge(
    mutant: Mutant,
    proofs: Proofs,
    { started, failure }: { started: number; failure?: string | undefined },
  ): Promise<string> {
    const { tell } = this.#options;
    const result = judgeMutant(mutant, proofs, performance.now() - started);
    this.results.push(failure ? { ...result, survived: true } : result);
    if (failure) await tell(`${mutant.id} could not be applied or undone: ${failure}`);
    if (result.survived) for (const line of whySurvived(mutant, proofs)) await tell(`${mutant.id}: ${line}`);
    return fateOf(result);
  }
}

function claimsOf(mutant: Mutant | undefined): string[] {
  return mutant ? [...targetsOf(mutant).keys()] : [];
}

/** A known exposure is broken on a sound cluster, too. */
function isSound(claim: ClaimResult | undefined): boolean {
  return claim !== undefined && (holds(claim) || claim.asExpected);
}

/** What the claims that a mutant names said, where it is not what they were to say. */
function whySurvived(mutant: Mutant, { before, during, after = [] }: Proofs): string[] {
  const told = (when: string, { id, verdict, reason }: ClaimResult) =>
    `${when} it, ${id} is ${verdict}${reason ? `: ${oneLine(reason)}` : ""}`;
  const named = (results: readonly ClaimResult[]) =>
    results.filter(({ id }) => claimsOf(mutant).includes(id));
  return [
    ...named(before).flatMap((claim) => (holds(claim) ? [] : told("before", claim))),
    ...named(during).map((claim) => told("during", claim)),
    ...named(after).flatMap((claim) => (holds(claim) ? [] : told("after", claim))),
  ];
}

/** What became of a mutant, in words. */
export function fateOf({ survived, equivalent, killedBy, breaks }: MutantResult): string {
  if (equivalent) return "equivalent, as proved";
  return survived
    ? `SURVIVED (${killedBy.length} of ${breaks.length} claims noticed)`
    : `killed by ${killedBy.join(", ")}`;
}
