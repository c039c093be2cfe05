import { byChannel } from "../../results/channel.ts";
import { coverageInWords, type Proof, proofOf } from "../../results/coverage.ts";
import type { ClaimResult, ControlCoverage, MutantResult, Report, Run } from "../../results/schema.ts";
import { runName, type Status, statusLabel, statusOf, worstStatus } from "../../results/status.ts";
import { duration } from "../../results/text.ts";
import { channelAnchor } from "./channel.ts";
import { claimAnchor } from "./claim.ts";
import { badge, mark } from "./marks.ts";
import { type Content, html, type Markup } from "./markup.ts";

/** The runs side by side: each channel, and each claim whose status differs between them. */
export function acrossRuns({ channels, runs }: Report): Content {
  if (runs.length < 2) return undefined;
  const head = runs.map((run) => html`<th scope="col">${runName(run)}</th>`);
  return html`<section aria-labelledby="across">
<h2 id="across">Across clusters</h2>
<p>Each channel, and below it the claims whose status differs between clusters.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="across"><table class="matrix">
<thead><tr><th scope="col">Channel and claim</th>${head}</tr></thead>
<tbody>${byChannel(
    channels,
    runs.flatMap((run) => run.claims),
  ).map(({ channel, claims }) => [
    html`<tr><th scope="row">${channel.title}</th>${runs.map((run, index) => channelCell(run, index, channel.id))}</tr>`,
    differing(claims, runs).map(
      (id) =>
        html`<tr class="differs"><th scope="row"><code>${id}</code></th>${runs.map((run, index) => claimCell(run, index, id))}</tr>`,
    ),
  ])}</tbody>
</table></div>
</section>`;
}

function differing(claims: readonly ClaimResult[], runs: Report["runs"]): string[] {
  const ids = [...new Set(claims.map(({ id }) => id))];
  return ids.filter((id) => {
    const found = runs.map((run) => run.claims.find((claim) => claim.id === id));
    return new Set(found.map((claim) => claim && statusOf(claim))).size > 1;
  });
}

function channelCell(run: Run, index: number, channel: string): Markup {
  const worst = worstStatus(run.claims.filter((claim) => claim.channel === channel));
  if (worst === undefined) return html`<td>–</td>`;
  const href = channelAnchor(`run${index + 1}`, channel);
  return html`<td><a class="count is-${worst}" href="#${href}">${mark(worst)}${statusLabel[worst]}</a></td>`;
}

function claimCell(run: Run, index: number, id: string): Markup {
  const claim = run.claims.find((candidate) => candidate.id === id);
  if (!claim) return html`<td>–</td>`;
  const status = statusOf(claim);
  const href = claimAnchor(`run${index + 1}`, id);
  return html`<td><a class="count is-${status}" href="#${href}">${mark(status)}${statusLabel[status]}</a></td>`;
}

/** The kill matrix: each sabotage, what it had to break, and what noticed it. */
export function killMatrix({ mutants = [], coverage }: Report): Markup {
  const rows = mutants.map((mutant) => {
    const { id, kind, breaks, killedBy, collateral, ms } = mutant;
    const cells = [breaks, killedBy, collateral].map(
      (ids) => html`<td>${ids.map((one) => html`<code>${one}</code><br>`)}</td>`,
    );
    return html`<tr><th scope="row"><code>${id}</code></th><td>${kind}</td><td>${outcome(mutant)}</td>${cells}<td>${duration(ms)}</td></tr>`;
  });
  const head = ["Mutant", "Kind", "Outcome", "Must break", "Killed by", "Also broken", "Took"];
  return html`<section aria-labelledby="mutants">
<h2 id="mutants">The kill matrix</h2>
<p>Each mutant sabotages a cluster in one way. Every claim that it must break holds before it, has to turn red during it by a control that must be refused, and holds again once it is undone.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="mutants"><table class="matrix">
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>
${coverage && coverageSection(coverage)}
</section>`;
}

/** Which controls that must be refused have been seen red. */
function coverageSection(coverage: readonly ControlCoverage[]): Markup {
  const order: Proof[] = ["neither", "invariant", "killed"];
  const sorted = order.flatMap((proof) => coverage.filter((control) => proofOf(control) === proof));
  const rows = sorted.map((control) => {
    const proof = proofOf(control);
    const by =
      proof === "killed" ? control.killedBy.map((id) => html`<code>${id}</code><br>`) : control.invariant;
    return html`<tr><th scope="row"><code>${control.claim}</code></th><td>${control.control}</td><td>${badge(PROOF_STATUS[proof], proof)}</td><td>${by}</td></tr>`;
  });
  return html`<details${sorted.some((control) => proofOf(control) === "neither") && html` open`}>
<summary>Control coverage: ${coverageInWords(coverage)}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Control coverage"><table class="matrix">
<thead><tr><th scope="col">Claim</th><th scope="col">Control that must be refused</th><th scope="col">Proof</th><th scope="col">By, or why not</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
</details>`;
}

const PROOF_STATUS: Record<Proof, Status> = {
  killed: "holds",
  invariant: "not-exercised",
  neither: "broken",
};

function outcome({ survived, equivalent }: MutantResult): Markup {
  if (survived) return badge("broken", "survived");
  return equivalent ? badge("not-exercised", "changes nothing") : badge("holds", "killed");
}
