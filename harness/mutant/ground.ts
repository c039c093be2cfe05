import { type BootMutant, isBoot, isLive, type LiveMutant, type Mutant, targetsOf } from "./mutant.ts";

/** A kind of cluster that some mutants sabotage, or are compared with. */
export interface Ground {
  /** Its name in clusters/. */
  cluster: string;
  controlPlanes: number;
  kubernetes?: string | undefined;
  live: LiveMutant[];
  boot: BootMutant[];
  /** The claims that its mutants name: they are proved on it before anything is sabotaged. */
  claims: string[];
}

/** The kinds of clusters that mutants need, in the order in which they name them. */
export function groundsOf(mutants: readonly Mutant[]): Ground[] {
  const grounds = new Map<string, Ground>();
  for (const mutant of mutants) {
    const place = placeOf(mutant);
    const key = JSON.stringify(place);
    const ground = grounds.get(key) ?? { ...place, live: [], boot: [], claims: [] };
    grounds.set(key, ground);
    if (isLive(mutant)) ground.live.push(mutant);
    if (isBoot(mutant)) ground.boot.push(mutant);
    ground.claims = [...new Set([...ground.claims, ...targetsOf(mutant).keys()])];
  }
  return [...grounds.values()];
}

function placeOf(mutant: Mutant): Pick<Ground, "cluster" | "controlPlanes" | "kubernetes"> {
  const { kubernetes } = mutant;
  const cluster = isLive(mutant) ? (mutant.cluster ?? "default") : "default";
  const controlPlanes = isBoot(mutant) ? (mutant.controlPlanes ?? 1) : 1;
  return { cluster, controlPlanes, ...(kubernetes && { kubernetes }) };
}
