import { row } from "../harness/cli/claims.ts";
import type { LoadedMutant } from "../harness/cli/load-mutants.ts";
import { isLive, targetsOf } from "../harness/mutant/mutant.ts";

/**
 * The mutants that break claims of a channel, as a Markdown table: first those in its own folder, then those in another's,
 * with a link to where they stand. Of what they break, it shows this channel's claims.
 */
export function mutantTable(channel: string, all: readonly LoadedMutant[]): string {
  const slugs = (mutant: LoadedMutant) =>
    [...targetsOf(mutant).keys()]
      .filter((id) => id.startsWith(`${channel}/`))
      .map((id) => id.slice(channel.length + 1));
  const ours = all.filter((mutant) => slugs(mutant).length > 0);
  const [own, others] = [
    ours.filter((one) => one.channel === channel),
    ours.filter((one) => one.channel !== channel),
  ];
  const rows = [...own, ...others].map((mutant) => {
    const { id, does, equivalent } = mutant;
    const name = mutant.channel === channel ? `\`${id}\`` : `[\`${id}\`](../${mutant.channel}/mutants.ts)`;
    const broken = slugs(mutant)
      .map((slug) => `\`${slug}\``)
      .join(", ");
    const breaks = equivalent ? `proved to change nothing: ${equivalent}` : broken;
    return row([name, isLive(mutant) ? "live" : "boot", does, breaks]);
  });
  return [row(["mutant", "kind", "what it does", "breaks"]), "|---|---|---|---|", ...rows, ""].join("\n");
}
