import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { byChannel } from "../../results/channel.ts";
import { headline, inOneSentence } from "../../results/headline.ts";
import type { Report, Run } from "../../results/schema.ts";
import { countByStatus, runName, STATUSES, statusLabel, worstStatus } from "../../results/status.ts";
import { counted, duration } from "../../results/text.ts";
import { attention } from "./attention.ts";
import { channelSection } from "./channel.ts";
import { drawing } from "./drawing.ts";
import { clusterFacts } from "./facts.ts";
import { counts, mark, markDefinitions } from "./marks.ts";
import { type Content, html, type Markup, trusted } from "./markup.ts";
import { acrossRuns, killMatrix } from "./matrices.ts";

/**
 * `index.html`: the whole report on one page that needs no network. It can be read without its script, which adds tabs,
 * the filter and the choice of light or dark.
 */
export function renderHtml(report: Report): string {
  const answer = headline(report);
  const page = html`<html lang="en">
${head(inOneSentence(answer))}
<body>
<a class="skip" href="#channels">Skip to the channels</a>
${markDefinitions()}
<header class="top">
<p class="brand"><span>planeproof</span> <button type="button" id="theme" hidden>Dark</button></p>
<h1 class="answer is-${answer.status}">${mark(answer.status)}<span>${answer.answer}<span class="rest">${answer.counts && `: ${answer.counts}`}.</span></span></h1>
<p class="small">${facts(report).map((fact) => html`<span>${fact}</span>`)}</p>
</header>
<main>
${report.mutants ? killMatrix(report) : attention(report)}
${tabs(report.runs)}
<div id="channels">${report.runs.map((run, index) => runPanel(run, index, report.channels))}</div>
${acrossRuns(report)}
</main>
<footer><p class="small">Written by ${report.tool.name} ${report.tool.version}. <code>report.json</code> holds the same as data.</p></footer>
<script>${trusted(asset("client.js"))}</script>
</body>
</html>`;
  return `<!doctype html>\n${page.source}\n`;
}

function head(title: string): Markup {
  // Should text ever become markup after all, the browser runs no script but ours and asks nobody for anything.
  const script = createHash("sha256").update(asset("client.js")).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${script}'; base-uri 'none'; form-action 'none'`;
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>planeproof: ${title}</title>
<link rel="icon" href="data:,">
<style>${STYLES.map((file) => trusted(asset(file)))}</style>
</head>`;
}

const STYLES = ["colours.css", "page.css", "drawing.css", "claims.css"];

function asset(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

function facts({ runs, startedAt, durationMs, summary, tool }: Report): string[] {
  const [only] = runs.length === 1 ? runs : [];
  const where = only
    ? [
        only.cluster,
        `Kubernetes ${only.kubernetes}`,
        counted(only.nodes.length, "node"),
        `booted in ${duration(only.boot.ms)}`,
      ]
    : [counted(runs.length, "cluster")];
  const when = startedAt.slice(0, 16).replace("T", " ");
  return [
    ...where,
    counted(summary.controls, "control"),
    `${when} UTC, took ${duration(durationMs)}`,
    `${tool.name} ${tool.version}`,
  ];
}

/** A tab for each cluster. The script selects the worst to begin with, so that no failure lies behind a tab. */
function tabs(runs: readonly Run[]): Content {
  if (runs.length < 2) return undefined;
  const worstOfAll = worstStatus(runs.flatMap((run) => run.claims));
  const first = runs.findIndex((run) => worstStatus(run.claims) === worstOfAll);
  return html`<nav class="tabs" aria-label="Clusters">${runs.map((run, index) => {
    const worst = worstStatus(run.claims) ?? "not-exercised";
    return html`<a id="tab${index + 1}" class="is-${worst}"${index === first && html` data-first`} href="#run${index + 1}">${mark(worst)}<span>${runName(run)}<span class="aside"> ${statusLabel[worst]}</span></span></a>`;
  })}</nav>`;
}

function runPanel(run: Run, index: number, channels: Report["channels"]): Markup {
  const runId = `run${index + 1}`;
  return html`<section class="run" id="${runId}" aria-labelledby="${runId}-name">
<div class="run-head"><h2 id="${runId}-name">${run.cluster} <span class="aside">Kubernetes ${run.kubernetes}</span></h2>${counts(countByStatus(run.claims))}</div>
${drawing(runId, run, channels)}
${filter(runId, run)}
<p class="nothing" hidden>No claim matches.</p>
${byChannel(channels, run.claims).map((group) => channelSection(run, runId, group))}
${clusterFacts(run)}
</section>`;
}

/** Only of use with the script, which shows it. */
function filter(runId: string, run: Run): Markup {
  const found = new Set(countByStatus(run.claims).map(({ status }) => status));
  const toggles = STATUSES.filter((status) => found.has(status)).map(
    (status) =>
      html`<button type="button" aria-pressed="false" data-status="${status}" class="is-${status}">${mark(status)}${statusLabel[status]}</button>`,
  );
  return html`<div class="filter" role="search" aria-label="Filter the claims" hidden>
<label for="${runId}-text">Filter</label> <input id="${runId}-text" type="search" placeholder="secret, 2379, alert 48 …" autocomplete="off" spellcheck="false">
<span class="toggles" role="group" aria-label="Show only">${toggles}</span>
<span class="open-close"><button type="button" data-open="all">Open all</button> <button type="button" data-open="none">Close all</button></span>
<output class="small" for="${runId}-text"></output>
</div>`;
}
