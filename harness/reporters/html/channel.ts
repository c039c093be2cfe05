import { type KnownChannel, pathOf } from "../../results/channel.ts";
import type { ClaimResult, Run } from "../../results/schema.ts";
import { countByStatus, notAsExpected, worstStatus } from "../../results/status.ts";
import { claimItem } from "./claim.ts";
import { counts, mark } from "./marks.ts";
import { html, type Markup } from "./markup.ts";

/** The page's address of a channel's claims: `run1/etcd-client`. */
export function channelAnchor(runId: string, channel: string): string {
  return `${runId}/${channel}`;
}

/** A channel that opens onto its claims; one that needs a look is open from the start. */
export function channelSection(
  run: Run,
  runId: string,
  { channel, claims }: { channel: KnownChannel; claims: readonly ClaimResult[] },
): Markup {
  const worst = worstStatus(claims) ?? "not-exercised";
  const open = worst === "known-exposure" || notAsExpected.includes(worst);
  return html`<details class="channel is-${worst}"${open && html` open`}>
<summary>${mark(worst)}<h3>${channel.title}</h3><span class="path">${pathOf(channel)}</span>${counts(countByStatus(claims))}</summary>
<div class="channel-body" id="${channelAnchor(runId, channel.id)}">
${channel.summary !== undefined && html`<p>${channel.summary}</p>`}
<ul class="claims">${claims.map((claim) => claimItem(run, runId, claim))}</ul>
</div>
</details>`;
}
