import { join } from "node:path";
import { styleText } from "node:util";
import { byChannel, type KnownChannel, pathOf } from "../results/channel.ts";
import { describeControl, describeExpected, describeObserved } from "../results/describe.ts";
import { headline, inOneSentence } from "../results/headline.ts";
import type { ClaimResult, ControlResult, Report, Run } from "../results/schema.ts";
import {
  type Finding,
  findings,
  notAsExpected,
  openQuestions,
  runName,
  type Status,
  statusLabel,
  statusOf,
} from "../results/status.ts";
import { counted, duration, listed, printable } from "../results/text.ts";

/** What of a stream decides how a report looks on it. `process.stdout` is one. */
export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  /** Answers no under NO_COLOR. */
  hasColors?: () => boolean;
}

type Format = "bold" | "dim" | "red" | "magenta" | "yellow" | "blue" | "green";

interface Style {
  /** Columns of a line; without a terminal lines are not cut. */
  width: number;
  paint: (format: Format | Format[], text: string) => string;
}

const MARKS: Record<Status, { mark: string; format: Format }> = {
  broken: { mark: "✗", format: "red" },
  inconclusive: { mark: "?", format: "magenta" },
  unexpected: { mark: "!", format: "red" },
  "known-exposure": { mark: "▲", format: "yellow" },
  outdated: { mark: "≠", format: "blue" },
  closed: { mark: "✓", format: "green" },
  holds: { mark: "✓", format: "green" },
  "missing-environment": { mark: "-", format: "yellow" },
  "not-exercised": { mark: "-", format: "dim" },
};

/**
 * The table that ends `planeproof verify`: channels, their claims, what is not as expected with its controls, the answer.
 * `out` is where the report lies; none where it could not be written.
 */
export function terminalReport(
  report: Report,
  { out, on = process.stdout }: { out: string | undefined; on?: Terminal },
): string {
  const style = styleFor(on);
  const answer = headline(report);
  const { mark, format } = MARKS[answer.status];
  const { channels, runs, summary, durationMs } = report;
  return [
    ...runs.flatMap((run) => runLines(run, channels, style)),
    ...wrap(`${mark} ${inOneSentence(answer)}`, "", "  ", style.width).map((line) =>
      style.paint([format, "bold"], line),
    ),
    ...findings(runs, ...notAsExpected, ...openQuestions).map((finding) => findingLine(finding, style)),
    `  ${counted(summary.controls, "control")} in ${duration(durationMs)}.${out === undefined ? "" : ` The report: ${printable(join(out, "index.html"))}`}`,
    "",
  ].join("\n");
}

/** What needs a look, once more at the end, where the eye is when a long run is done. */
function findingLine({ status, claim, runs }: Finding, { paint, width }: Style): string {
  const { mark, format } = MARKS[status];
  const why = status === "missing-environment" && claim.reason ? ` (${claim.reason})` : "";
  const where = `${statusLabel[status]} on ${listed(runs.map(runName))}${why}`;
  return `  ${paint(format, mark)} ${cut(printable(`${claim.id}  ${where}`), width - 4)}`;
}

function styleFor({ isTTY = false, columns = 80, hasColors }: Terminal): Style {
  const colour = isTTY && (hasColors?.() ?? false);
  return {
    width: isTTY ? Math.max(columns, 40) : Number.POSITIVE_INFINITY,
    paint: (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text),
  };
}

function runLines(run: Run, channels: Report["channels"], style: Style): string[] {
  const { provider, nodes, boot, claims } = run;
  const facts = `${counted(nodes.length, "node")} on ${provider}, booted in ${duration(boot.ms)}`;
  const slugs = claims.map(({ id }) => slugOf(id).length);
  const slugWidth = Math.min(Math.max(0, ...slugs), 40, Math.floor(style.width / 2));
  return [
    `${style.paint("bold", printable(runName(run)))}  ${style.paint("dim", facts)}`,
    "",
    ...byChannel(channels, claims).flatMap((group) => channelLines(group, slugWidth, style)),
  ];
}

function channelLines(
  { channel, claims }: { channel: KnownChannel; claims: ClaimResult[] },
  slugWidth: number,
  style: Style,
): string[] {
  const path = pathOf(channel);
  const title = printable(channel.title);
  return [
    `  ${style.paint("bold", title)}${style.paint("dim", path && cut(printable(`  ${path}`), style.width - 2 - title.length))}`,
    ...claims.flatMap((claim) => claimLines(claim, slugWidth, style)),
    "",
  ];
}

function claimLines(claim: ClaimResult, slugWidth: number, style: Style): string[] {
  const status = statusOf(claim);
  const { mark, format } = MARKS[status];
  const loud = !claim.asExpected || status === "known-exposure";
  const painted = style.paint(format, mark);
  if (!loud) {
    const label = status === "holds" ? "" : `${statusLabel[status]}: `;
    const line = cut(
      `${slugOf(claim.id).padEnd(slugWidth)}  ${label}${printable(claim.says)}`,
      style.width - 6,
    );
    return [`    ${painted} ${line}`];
  }
  const title = `${statusLabel[status].toUpperCase()}  ${claim.id}`;
  return [
    `    ${painted} ${style.paint([format, "bold"], cut(title, style.width - 6))}`,
    ...wrap(claim.says, "      ", "      ", style.width),
    ...(claim.reason ? wrap(claim.reason, "      why:      ", "                ", style.width) : []),
    ...claim.controls.flatMap((control) => controlLines(control, style)),
  ];
}

function controlLines(control: ControlResult, style: Style): string[] {
  const { ok, as, from, to, expected, observed } = control;
  const mark = style.paint(ok ? "green" : "red", ok ? "✓" : "✗");
  const first = `      ${mark} ${cut(printable(describeControl(control)), style.width - 8)}`;
  if (ok) return [first];
  const hanging = "                  ";
  return [
    first,
    ...wrap(`${as}, from ${from} to ${to}`, "        as        ", hanging, style.width),
    ...wrap(describeExpected(expected), "        expected  ", hanging, style.width),
    ...wrap(describeObserved(observed), "        observed  ", hanging, style.width),
  ];
}

const slugOf = (id: string) => id.slice(id.indexOf("/") + 1);

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1).trimEnd()}…` : text;
}

/** Breaks text between words; the first line begins with `first`, the others with `next`. */
function wrap(text: string, first: string, next: string, width: number): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of printable(text).split(" ")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
