import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { type Mutant, targetsOf } from "../mutant/mutant.ts";
import { oneLine, UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";
import { ROOT } from "./paths.ts";

/** A mutant, and the channel in whose folder it stands. */
export type LoadedMutant = Mutant & { channel: string };

/**
 * The mutants of every channel in a directory of suites, from CHANNEL/mutants.ts, in the order of the channels.
 * @throws UsageError for a file that cannot be loaded, one that does not export mutants, and an id that two mutants have.
 */
export async function loadMutants(suites: string = join(ROOT, "suites")): Promise<LoadedMutant[]> {
  const all: LoadedMutant[] = [];
  for (const channel of (await readdir(suites)).sort()) {
    const file = join(suites, channel, "mutants.ts");
    if (!existsSync(file)) continue;
    for (const mutant of await mutantsOf(file)) {
      const other = all.find(({ id }) => id === mutant.id);
      if (other) throw idTaken(mutant.id, [...new Set([other.channel, channel])]);
      all.push({ ...mutant, channel });
    }
  }
  return all;
}

function idTaken(id: string, channels: string[]): UsageError {
  return new UsageError(`Two mutants have the id ${id}.`, {
    where: channels.map((channel) => `suites/${channel}/mutants.ts`).join(" and "),
    expected: "an id that no other mutant has: the command line names mutants by it",
    found: id,
  });
}

/** A mutant that names a claim which is not there could never be killed, and nobody would notice. */
export function checkBreaks(mutants: readonly Mutant[], claims: readonly string[]): void {
  for (const mutant of mutants) {
    const { id } = mutant;
    const unknown = [...targetsOf(mutant).keys()].find((claim) => !claims.includes(claim));
    if (unknown === undefined) continue;
    const near = nearest(unknown, claims);
    throw new UsageError(`Mutant ${id} names a claim that does not exist.`, {
      expected: near.length > 0 ? `perhaps ${near.join(" or ")}` : "ids of claims, as channel/slug",
      found: unknown,
      remedy: "`planeproof claims` lists every claim",
    });
  }
}

async function mutantsOf(file: string): Promise<Mutant[]> {
  const where = relative(process.cwd(), file);
  const expected = "export default [mutant({ id, does, breaks, live or patch }), …]";
  const module = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new UsageError("The mutants of a channel cannot be loaded.", {
      where,
      found: oneLine(cause),
      cause,
    });
  });
  const list: unknown = module.default;
  if (!Array.isArray(list)) {
    throw new UsageError("A mutants.ts has to export its mutants.", {
      where,
      expected,
      found: list === undefined ? "no default export" : `a default export of type ${typeof list}`,
    });
  }
  const wrong = list.findIndex((one) => !isMutant(one));
  if (wrong < 0) return list;
  throw new UsageError("A mutants.ts exports something that is not a mutant.", {
    where,
    expected,
    found: `entry ${wrong + 1} of ${list.length}, with ${Object.keys(list[wrong] ?? {}).join(", ") || "no field"}`,
  });
}

function isMutant(one: Partial<Record<string, unknown>> | null): boolean {
  if (one === null || typeof one !== "object") return false;
  const { id, does, breaks, live, patch } = one;
  const named = typeof id === "string" && typeof does === "string" && Array.isArray(breaks);
  return named && (typeof live === "function") !== (typeof patch === "string");
}
