import { describeDocumented, describeExpected, describeObserved, MUST } from "../../results/describe.ts";
import { evidencePath } from "../../results/evidence-path.ts";
import type { ClaimResult, ControlResult, Run } from "../../results/schema.ts";
import { statusLabel, statusOf } from "../../results/status.ts";
import { counted, duration, relativeUrl } from "../../results/text.ts";
import type { VantageKind } from "../../results/vocabulary.ts";
import { badge, mark } from "./marks.ts";
import { type Content, html, linked, type Markup } from "./markup.ts";

const VANTAGE_WORDS: Record<VantageKind, string> = {
  node: "inside the node",
  neighbour: "a neighbour of the nodes",
  pod: "inside a pod",
  host: "the machine that runs planeproof",
};

/** The page's address of a claim: `run1/etcd-client/cluster-ca-refused`. Opening a fragment opens what it lies in. */
export function claimAnchor(runId: string, id: string): string {
  return `${runId}/${id}`;
}

/** A claim that opens onto its controls. */
export function claimItem(run: Run, runId: string, claim: ClaimResult): Markup {
  const { id, says, documented, reason, controls, ms } = claim;
  const status = statusOf(claim);
  const label = status === "holds" ? html`<span class="aside">${statusLabel[status]}</span>` : badge(status);
  return html`<li class="claim is-${status}" data-status="${status}">
<details>
<summary>${mark(status)}<span class="says">${says} ${label}</span></summary>
<div class="claim-body" id="${claimAnchor(runId, id)}">
${reason !== undefined && html`<p class="reason">${linked(reason)}</p>`}
<ol class="controls">${controls.map(controlItem)}</ol>
<p class="small"><a href="#${claimAnchor(runId, id)}"><code>${id}</code></a> · ${verdictInWords(claim)} · documented in ${source(documented)} · ${counted(controls.length, "control")}, ${duration(ms)}</p>
${status !== "holds" && html`<p class="small">Run it again: <code>${commandFor(run, id)}</code>${!claim.asExpected && html` · <a href="${relativeUrl(evidencePath(run, id))}">what the components logged</a>`}</p>`}
</div>
</details>
</li>`;
}

/** The command that proves this claim again, on a cluster of the same making. */
function commandFor({ config, kubernetes, provider }: Run, id: string): string {
  const where = provider === "kind" ? "" : ` --provider ${provider}`;
  const file = /^[\w./-]+$/.test(config) ? config : `'${config.replaceAll("'", "'\\''")}'`;
  return `planeproof verify ${file} --k8s ${kubernetes.slice(1)} --claim ${id}${where}`;
}

/** Where a sentence is documented, as a link where it has an address. */
export function source(documented: ClaimResult["documented"]): Content {
  const words = describeDocumented(documented);
  return documented.url === undefined ? words : html`<a href="${new URL(documented.url).href}">${words}</a>`;
}

function verdictInWords({ verdict, expected, asExpected }: ClaimResult): string {
  return asExpected ? `verdict ${verdict}, as expected` : `verdict ${verdict}, but expected: ${expected}`;
}

function controlItem({
  name,
  kind,
  after,
  vantage,
  from,
  to,
  as,
  expected,
  observed,
  ok,
  ms,
}: ControlResult): Markup {
  return html`<li class="control ${ok ? "is-holds" : "is-broken"}">
<p class="control-name">${mark(ok ? "holds" : "broken")}<span><strong>${name}</strong> <span class="aside">${after !== undefined && `${after} · `}${MUST[kind]} · ${ok ? "as expected" : "NOT as expected"} · ${duration(ms)}</span></span></p>
<dl>
<dt>From</dt><dd>${from === vantage ? VANTAGE_WORDS[vantage] : html`<code>${from}</code>, ${VANTAGE_WORDS[vantage]}`} → <code>${to}</code></dd>
<dt>As</dt><dd>${as}</dd>
<dt>Expected</dt><dd>${describeExpected(expected)}</dd>
<dt>Observed</dt><dd class="observed">${describeObserved(observed)}</dd>
</dl>
</li>`;
}
