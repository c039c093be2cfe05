import { byChannel, type Channel, type KnownChannel, pathOf } from "../../results/channel.ts";
import type { ClaimResult, Run } from "../../results/schema.ts";
import { countByStatus, countInWords, runName, worstStatus } from "../../results/status.ts";
import { listed } from "../../results/text.ts";
import { channelAnchor } from "./channel.ts";
import { type Arrow, type Box, type Frame, LABEL_HEIGHT } from "./layout/geometry.ts";
import { layout } from "./layout/layout.ts";
import { counts } from "./marks.ts";
import { type Content, html, type Markup } from "./markup.ts";

/**
 * The control plane as a drawing: its components, and the channels between them as arrows in the colour and with the mark
 * of their worst claim. Each label leads to its channel. The list below it holds the channels that have no arrow, and on
 * a narrow screen all of them.
 */
export function drawing(runId: string, run: Run, channels: readonly Channel[] = []): Markup {
  const title = `${runId}-drawing`;
  const { width, height, frames, boxes, arrows } = layout(channels);
  const claimsOf = ({ id }: KnownChannel) => run.claims.filter(({ channel }) => channel === id);
  const isDrawn = ({ id }: KnownChannel) => arrows.some(({ channel }) => channel.id === id);
  const picture = html`<svg viewBox="0 0 ${width} ${height}" role="group" aria-labelledby="${title}">
<title id="${title}">The channels of the control plane on ${runName(run)}</title>
${frames.map(frame)}
${arrows.map((one) => line(one, claimsOf(one.channel)))}
${boxes.map(box)}
${arrows.map((one) => label(one, claimsOf(one.channel), runId))}
</svg>
<figcaption class="small">Each arrow is a channel, in the colour and with the mark of its worst claim. Dashed: nothing was exercised in this run.</figcaption>`;
  return html`<figure class="drawing">
${arrows.length > 0 && picture}
<ul class="channel-list">${byChannel(channels, run.claims).map((group) => listItem(runId, group, isDrawn(group.channel)))}</ul>
</figure>`;
}

function frame({ name, nameX, x, y, width, height }: Frame): Markup {
  return html`<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="14"/>
<text class="frame-name" x="${nameX}" y="${y + 17}">${name}</text>`;
}

function box({ name, detail, x, y, width, height }: Box): Markup {
  const [centre, middle] = [x + width / 2, y + height / 2];
  const most = Math.floor(width / 9); // characters of a name
  const short = name.length > most ? html`${name.slice(0, most - 1)}…<title>${name}</title>` : name;
  const beside = width > 400; // the bar at the bottom has its two lines side by side
  return html`<g class="box"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>
${
  beside
    ? html`<text x="${centre}" y="${middle + 5}"><tspan class="box-name">${name}</tspan><tspan dx="10">${detail}</tspan></text>`
    : html`<text class="box-name" x="${centre}" y="${middle + (detail ? -3 : 5)}">${short}</text>
${detail !== undefined && html`<text x="${centre}" y="${middle + 14}">${detail}</text>`}`
}</g>`;
}

function line({ start, end, heads }: Arrow, claims: readonly ClaimResult[]): Markup {
  return html`<g class="arrow is-${worstStatus(claims) ?? "absent"}">
<line x1="${start.x}" y1="${start.y}" x2="${end.x}" y2="${end.y}"/>${heads.end && head(start, end)}${heads.start && head(end, start)}</g>`;
}

/** A triangle whose tip is at `to`. */
function head(from: Arrow["start"], to: Arrow["end"]): Markup {
  const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)];
  const corner = (side: number) => `${to.x - 9 * dx + side * 5 * dy} ${to.y - 9 * dy + side * 5 * dx}`;
  return html`<path d="M${to.x} ${to.y}L${corner(1)}L${corner(-1)}Z"/>`;
}

const MARK_SIZE = 14;

function label(
  { channel, label: { x, y, width, text } }: Arrow,
  claims: readonly ClaimResult[],
  runId: string,
): Markup {
  const worst = worstStatus(claims);
  const picture = html`<rect x="${x}" y="${y}" width="${width}" height="${LABEL_HEIGHT}" rx="${LABEL_HEIGHT / 2}"/>
${worst && html`<use href="#mark-${worst}" x="${x + 9}" y="${y + 6}" width="${MARK_SIZE}" height="${MARK_SIZE}"/>`}
<text x="${worst ? x + 28 : x + width / 2}" y="${y + 17.5}">${text}</text>`;
  if (!worst)
    return html`<g class="label is-absent"><title>${channel.title}: no claim in this run</title>${picture}</g>`;
  const says = `${channel.title}, ${pathOf(channel)}: ${inWords(claims)}`;
  return html`<a class="label is-${worst}" href="#${channelAnchor(runId, channel.id)}" aria-label="${says}"><title>${says}</title>${picture}</a>`;
}

function inWords(claims: readonly ClaimResult[]): string {
  return listed(countByStatus(claims).map(({ status, count }) => countInWords(status, count)));
}

function listItem(
  runId: string,
  { channel, claims }: { channel: KnownChannel; claims: ClaimResult[] },
  isDrawn: boolean,
): Content {
  return html`<li class="${isDrawn ? "drawn" : "not-drawn"}"><a href="#${channelAnchor(runId, channel.id)}">${channel.title}</a> ${counts(countByStatus(claims))}</li>`;
}
