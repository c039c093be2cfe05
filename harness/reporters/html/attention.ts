import { channelOf } from "../../results/channel.ts";
import { describeControl, describeExpected, describeObserved } from "../../results/describe.ts";
import type { Report } from "../../results/schema.ts";
import { type Finding, findings, notAsExpected, runName } from "../../results/status.ts";
import { claimAnchor, source } from "./claim.ts";
import { badge } from "./marks.ts";
import { type Content, html, linked, type Markup } from "./markup.ts";

/** What to look at first, of every run: what is not as expected, and as loudly what is known to be open. */
export function attention(report: Report): Content {
  const { runs } = report;
  const block = (title: string, found: Finding[]) =>
    section(
      title,
      found.map((finding) => card(finding, report)),
    );
  return [
    block("Not as expected", findings(runs, ...notAsExpected)),
    block("Known exposures", findings(runs, "known-exposure")),
    block("Not exercised: the environment lacks something", findings(runs, "missing-environment")),
  ];
}

function section(title: string, cards: Markup[]): Content {
  if (cards.length === 0) return undefined;
  return html`<section class="attention" aria-label="${title}">
<h2>${title}</h2>
<ul>${cards}</ul>
</section>`;
}

function card({ status, claim, runs: where }: Finding, { channels, runs }: Report): Markup {
  const { id, channel, says, reason, documented, controls } = claim;
  const links = where.map(
    (run) => html` <a href="#${claimAnchor(`run${runs.indexOf(run) + 1}`, id)}">${runName(run)}</a>`,
  );
  const failed = controls.find(({ ok }) => !ok);
  const why = failed && reason?.startsWith(failed.name) ? undefined : reason; // what the control says is said once
  return html`<li class="card is-${status}">
<p class="card-says">${badge(status)} ${claim.verdict === "broken" && "Does not hold: "}${says}</p>
${why !== undefined && html`<p>${linked(why)}</p>`}
${failed !== undefined && html`<p>${describeControl(failed)}: expected to be <em>${describeExpected(failed.expected)}</em>, and was <strong>${describeObserved(failed.observed)}</strong></p>`}
<p class="small">${channelOf(channels, channel).title}: evidence on${links} · documented in ${source(documented)}</p>
</li>`;
}
