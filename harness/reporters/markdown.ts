import { byChannel, channelOf } from "../results/channel.ts";
import { coverageInWords, proofOf } from "../results/coverage.ts";
import {
  describeControl,
  describeDocumented,
  describeExpected,
  describeObserved,
} from "../results/describe.ts";
import { headline, inOneSentence } from "../results/headline.ts";
import type { ControlResult, MutantResult, Report, Run } from "../results/schema.ts";
import {
  countByStatus,
  countInWords,
  type Finding,
  findings,
  notAsExpected,
  runName,
  type Status,
  statusLabel,
} from "../results/status.ts";
import { counted, duration, listed, printable } from "../results/text.ts";

const MARKS: Record<Status, string> = {
  broken: "❌",
  inconclusive: "❔",
  unexpected: "❗",
  "known-exposure": "⚠️",
  outdated: "📜",
  closed: "🔒",
  holds: "✅",
  "missing-environment": "➖",
  "not-exercised": "➖",
};

// GitHub takes 65 536 characters a comment; report.json and index.html hold the rest.
const MOST_IN_ALL = 60_000;
const MOST_IN_A_TEXT = 300;

/** `report.md`, fit for a comment on a pull request: the answer, the channels, what is not as expected, what is open. */
export function renderMarkdown(report: Report): string {
  const answer = headline(report);
  const { channels, runs, mutants } = report;
  const part = (title: string, found: Finding[]) => section(title, found, channels);
  const top = [`## ${MARKS[answer.status]} ${text(inOneSentence(answer))}`, facts(report)];
  if (mutants) return fitting([...top, ...coverageSection(report.coverage), mutantTable(mutants)]);
  return fitting([
    ...top,
    channelTable(report),
    ...part("Not as expected", findings(runs, ...notAsExpected)),
    ...part("Known exposures", findings(runs, "known-exposure")),
    ...part("Not exercised: the environment lacks something", findings(runs, "missing-environment")),
    ...part("Outdated documentation", findings(runs, "outdated")),
    ...part("Limits that are closed", findings(runs, "closed")),
  ]);
}

function fitting(blocks: string[]): string {
  let room = MOST_IN_ALL;
  const taken: string[] = [];
  for (const block of blocks) {
    room -= block.length + 2;
    if (room < 0) break;
    taken.push(block);
  }
  if (taken.length < blocks.length) taken.push("… too long for one comment: the rest is in `index.html`.");
  return `${taken.join("\n\n")}\n`;
}

function facts({ tool, runs, durationMs, summary }: Report): string {
  const clusters = runs.map((run) => `${text(runName(run))} (${counted(run.nodes.length, "node")})`);
  return [
    ...new Set(clusters),
    `${summary.controls} controls`,
    duration(durationMs),
    `${tool.name} ${tool.version}`,
  ].join(" · ");
}

function channelTable({ channels, runs }: Report): string {
  const rows = byChannel(
    channels,
    runs.flatMap((run) => run.claims),
  ).map(({ channel }) => [text(channel.title), ...runs.map((run) => cell(run, channel.id))]);
  return table(["Channel", ...runs.map((run) => text(runName(run)))], rows);
}

function cell(run: Run, channel: string): string {
  const counts = countByStatus(run.claims.filter((claim) => claim.channel === channel));
  return (
    counts.map(({ status, count }) => `${MARKS[status]} ${countInWords(status, count)}`).join("<br>") || " "
  );
}

function section(title: string, found: readonly Finding[], channels: Report["channels"]): string[] {
  return found.length === 0 ? [] : [`### ${title}`, ...found.map((finding) => entry(finding, channels))];
}

function entry({ status, claim, runs }: Finding, channels: Report["channels"]): string {
  const { id, channel, says, verdict, expected, reason = "", documented, controls } = claim;
  const source = text(describeDocumented(documented));
  const place = `${text(channelOf(channels, channel).title)}, \`${id}\`, on ${listed(runs.map((run) => text(runName(run))))}`;
  const lead = notAsExpected.includes(status)
    ? `Verdict **${verdict}**, expected: ${expected}.`
    : `**${statusLabel[status]}**:`;
  const lines = [
    `**${MARKS[status]} ${text(says)}** (${place})`,
    `${lead} ${text(reason)}`,
    `Documented: ${documented.url ? `[${source}](<${new URL(documented.url).href}>)` : source}`,
  ];
  const rows = controls.filter(({ ok }) => !ok).map(controlRow);
  const seen = rows.length > 0 ? `\n\n${table(["Control", "Expected", "Observed"], rows)}` : "";
  return `${lines.join("  \n")}${seen}`;
}

function controlRow(control: ControlResult): string[] {
  const { as, from, to, expected, observed } = control;
  return [
    `${text(describeControl(control))}<br>as ${text(as)}, from ${text(from)} to ${text(to)}`,
    text(describeExpected(expected)),
    text(describeObserved(observed)),
  ];
}

/** Control coverage in a line, and each negative control that nothing has shown to be able to fail. */
function coverageSection(coverage: Report["coverage"]): string[] {
  if (!coverage) return [];
  const rows = coverage.filter((control) => proofOf(control) === "neither");
  return [
    coverageInWords(coverage),
    ...(rows.length === 0
      ? []
      : [
          table(
            ["Claim", "Neither killed nor invariant"],
            rows.map((row) => [text(row.claim), text(row.control)]),
          ),
        ]),
  ];
}

function mutantTable(mutants: readonly MutantResult[]): string {
  const rows = mutants.map((mutant) => [
    text(mutant.id),
    mutant.kind,
    mutant.survived ? "❌ survived" : mutant.equivalent ? "➖ changes nothing" : "✅ killed",
    mutant.breaks.map(text).join("<br>"),
    mutant.killedBy.map(text).join("<br>"),
  ]);
  return table(["Mutant", "Kind", "Result", "Must break", "Killed by"], rows);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text that means in Markdown what it says: no markup, no HTML, no table border, no mention of a person or an issue. */
function text(words: string): string {
  const line = printable(words);
  const short = line.length > MOST_IN_A_TEXT ? `${line.slice(0, MOST_IN_A_TEXT - 1).toWellFormed()}…` : line;
  return short
    .replace(/[&<>@#]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\\`*_[\]|~$!]/g, "\\$&");
}
