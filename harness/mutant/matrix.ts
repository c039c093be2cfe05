import { exposuresOf, type KnownExposure } from "../claim/exposure.ts";
import type { ClaimRunner } from "../claim/runner.ts";
import { bootUnder } from "../cluster/boot.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type ClusterDefinition, parseDefinition } from "../config/kind-config.ts";
import { Lab } from "../lab/lab.ts";
import { RunScope } from "../lab/run-scope.ts";
import type { Lease } from "../lease/lease.ts";
import type { ClaimResult, MutantResult } from "../results/schema.ts";
import { oneLine } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { LeftBehindError } from "../support/undo.ts";
import {
  type BootMutant,
  isBoot,
  isLive,
  judgeMutant,
  kindFile,
  type LiveMutant,
  type Mutant,
} from "./mutant.ts";

export interface MatrixOptions {
  runner: ClaimRunner;
  /** The cluster that the live mutants share. */
  base: ClusterDefinition;
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

/** The kill matrix: clusters are sabotaged, and the claims that must notice are run. */
export class KillMatrix {
  readonly results: MutantResult[] = [];
  readonly booted: BootedMutant[] = [];
  readonly #options: MatrixOptions;

  constructor(options: MatrixOptions) {
    this.#options = options;
  }

  /** One cluster for all live mutants, and a cluster of its own for each boot mutant. */
  async run(mutants: Mutant[]): Promise<void> {
    const live = mutants.filter(isLive);
    if (live.length > 0) await this.#options.leased((lease) => this.#runLive(lease, live));
    for (const mutant of mutants.filter(isBoot)) {
      await this.#attempt(mutant, () => this.#options.leased((lease) => this.#runBoot(lease, mutant)));
    }
  }

  async #runLive(lease: Lease, mutants: LiveMutant[]): Promise<void> {
    const { base, progress } = this.#options;
    const cluster = await bootUnder(lease, base, { progress });
    for (const mutant of mutants) {
      await this.#attempt(mutant, () =>
        progress.step(`live mutant ${mutant.id}`, async (say) => {
          const started = performance.now();
          const claims = await this.#proveSabotaged(cluster, mutant);
          say(await this.#judge(mutant, claims, performance.now() - started));
        }),
      );
    }
  }

  async #proveSabotaged(cluster: Cluster, mutant: LiveMutant): Promise<ClaimResult[]> {
    const lab = new Lab(new RunScope(cluster));
    try {
      const undo = await mutant.live(lab);
      return await this.#prove(cluster, mutant).finally(undo);
    } finally {
      await lab.close(); // what a sabotage made before it failed would sabotage the next one's claims
    }
  }

  async #runBoot(lease: Lease, mutant: BootMutant): Promise<void> {
    const { progress } = this.#options;
    const started = performance.now();
    const { id, kubernetes } = mutant;
    const definition = parseDefinition(kindFile(mutant), id);
    const cluster = await bootUnder(lease, definition, { kubernetes, progress });
    await progress.step(`boot mutant ${id}`, async (say) => {
      const claims = await this.#prove(cluster, mutant);
      this.booted.push({ mutant, cluster, claims });
      say(await this.#judge(mutant, claims, performance.now() - started));
    });
  }

  /** A mutant that cannot be applied has killed nothing; the others still have their turn. */
  async #attempt(mutant: Mutant, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await work().catch(async (error: unknown) => {
      await this.#options.tell(`${mutant.id} could not be applied: ${oneLine(error)}`);
      this.results.push({ ...judgeMutant(mutant, [], performance.now() - started), survived: true });
    });
  }

  /** Runs the claims of every channel that a mutant names: one that it does not name may turn red as well. */
  async #prove(cluster: Cluster, { breaks }: Mutant): Promise<ClaimResult[]> {
    const { runner, exposures } = this.#options;
    const setting = { facts: cluster.facts, exposures: await exposuresOf(cluster, exposures) };
    const channels = [...new Set(breaks.map((id) => id.split("/")[0] ?? ""))];
    const claims = await runner.run(setting, { channels }, () => {});
    const left = claims.flatMap(({ leftBehind = [] }) => leftBehind);
    if (left.length > 0) throw new LeftBehindError(left);
    return claims;
  }

  async #judge(mutant: Mutant, claims: ClaimResult[], ms: number): Promise<string> {
    const result = judgeMutant(mutant, claims, ms);
    this.results.push(result);
    for (const { id, verdict, reason } of claims) {
      if (!result.survived || !mutant.breaks.includes(id)) continue;
      await this.#options.tell(`${mutant.id}: ${id} is ${verdict}${reason ? `: ${oneLine(reason)}` : ""}`);
    }
    return fateOf(result);
  }
}

/** What became of a mutant, in words. */
export function fateOf({ survived, equivalent, killedBy, breaks }: MutantResult): string {
  if (equivalent) return "equivalent, as proved";
  return survived
    ? `SURVIVED (${killedBy.length} of ${breaks.length} claims noticed)`
    : `killed by ${killedBy.join(", ")}`;
}
