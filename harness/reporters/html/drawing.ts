import { byChannel, type Channel, channelOf } from "../../results/channels.ts";
import type { ClaimResult, Run } from "../../results/schema.ts";
import { countByStatus, countInWords, runName, worstStatus } from "../../results/status.ts";
import { listed } from "../../results/text.ts";
import { channelAnchor, pathOf } from "./channel.ts";
import {
  type Arrow,
  arrows,
  type Box,
  boxes,
  type Frame,
  frames,
  HEIGHT,
  type Point,
  WIDTH,
} from "./layout.ts";
import { counts } from "./marks.ts";
import { type Content, html, type Markup } from "./markup.ts";

/**
 * The control plane as a drawing: its components, and the channels between them as arrows in the colour and with the mark
 * of their worst claim. Each label leads to its channel. The list below it holds the channels that have no arrow, and on
 * a narrow screen all of them.
 */
export function drawing(runId: string, run: Run): Markup {
  const title = `${runId}-drawing`;
  const claimsOf = (channel: string) => run.claims.filter((claim) => claim.channel === channel);
  return html`<figure class="drawing">
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-labelledby="${title}">
<title id="${title}">The channels of the control plane on ${runName(run)}</title>
${frames.map(frame)}
${arrows.map((one) => line(one, claimsOf(one.channel)))}
${boxes.map(box)}
${arrows.map((one) => label(one, claimsOf(one.channel), runId))}
</svg>
<figcaption class="small">Each arrow is a channel, in the colour and with the mark of its worst claim. Dashed: nothing was exercised in this run.</figcaption>
<ul class="channel-list">${byChannel(run.claims).map((group) => listItem(runId, group))}</ul>
</figure>`;
}

function frame({ name, nameX, x, y, width, height }: Frame): Markup {
  return html`<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="14"/>
<text class="frame-name" x="${nameX}" y="${y + 17}">${name}</text>`;
}

function box({ name, detail, x, y, width, height }: Box): Markup {
  const [centre, middle] = [x + width / 2, y + height / 2];
  const beside = width > 400; // the bar at the bottom has its two lines side by side
  return html`<g class="box"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>
${
  beside
    ? html`<text x="${centre}" y="${middle + 5}"><tspan class="box-name">${name}</tspan><tspan dx="10">${detail}</tspan></text>`
    : html`<text class="box-name" x="${centre}" y="${middle + (detail ? -3 : 5)}">${name}</text>
${detail !== undefined && html`<text x="${centre}" y="${middle + 14}">${detail}</text>`}`
}</g>`;
}

function line({ from, to, both }: Arrow, claims: readonly ClaimResult[]): Markup {
  return html`<g class="arrow is-${worstStatus(claims) ?? "absent"}">
<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}"/>${head(from, to)}${both && head(to, from)}</g>`;
}

/** A triangle whose tip is at `to`. */
function head(from: Point, to: Point): Markup {
  const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)];
  const corner = (side: number) => `${to.x - 9 * dx + side * 5 * dy} ${to.y - 9 * dy + side * 5 * dx}`;
  return html`<path d="M${to.x} ${to.y}L${corner(1)}L${corner(-1)}Z"/>`;
}

const LABEL_HEIGHT = 26;
const MARK_SIZE = 14;

function label(
  { channel: id, from, to, labelX }: Arrow,
  claims: readonly ClaimResult[],
  runId: string,
): Markup {
  const channel = channelOf(id);
  const worst = worstStatus(claims);
  const width = 36 + 7.3 * channel.title.length;
  const x = (labelX ?? (from.x + to.x) / 2) - width / 2;
  const y = (from.y + to.y - LABEL_HEIGHT) / 2;
  const picture = html`<rect x="${x}" y="${y}" width="${width}" height="${LABEL_HEIGHT}" rx="${LABEL_HEIGHT / 2}"/>
${worst && html`<use href="#mark-${worst}" x="${x + 9}" y="${y + 6}" width="${MARK_SIZE}" height="${MARK_SIZE}"/>`}
<text x="${x + (worst ? 28 : 18)}" y="${y + 17.5}">${channel.title}</text>`;
  if (!worst)
    return html`<g class="label is-absent"><title>${channel.title}: no claim in this run</title>${picture}</g>`;
  const says = `${channel.title}, ${pathOf(channel)}: ${inWords(claims)}`;
  return html`<a class="label is-${worst}" href="#${channelAnchor(runId, id)}" aria-label="${says}"><title>${says}</title>${picture}</a>`;
}

function inWords(claims: readonly ClaimResult[]): string {
  return listed(countByStatus(claims).map(({ standing, count }) => countInWords(standing, count)));
}

function listItem(runId: string, { channel, claims }: { channel: Channel; claims: ClaimResult[] }): Content {
  const drawn = arrows.some((arrow) => arrow.channel === channel.id);
  return html`<li class="${drawn ? "drawn" : "not-drawn"}"><a href="#${channelAnchor(runId, channel.id)}">${channel.title}</a> ${counts(countByStatus(claims))}</li>`;
}
