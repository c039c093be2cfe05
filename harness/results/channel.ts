import { z } from "zod";
import { UsageError } from "../support/errors.ts";

const words = z.string().trim().min(1);

/** A documented path between two components: all that a report needs to name it, to describe it and to draw it. */
export const channelSchema = z.strictObject({
  /** The name of its folder, and the first half of its claims' ids. */
  id: z.string().regex(/^[a-z0-9-]+$/, "a channel's id consists of a-z, 0-9 and -"),
  /** Its label in the drawing; a longer one would be cut there. */
  title: words.max(24),
  /** The component that dials. */
  from: words,
  /** The component that answers. */
  to: words,
  /** The port that is dialled, unless a config chooses another one. */
  port: z.int().min(1).max(65_535).exactOptional(),
  /** One sentence: what goes over it, and what locks it. */
  summary: words,
  /** Its place in reports: smaller numbers first, channels without one last. */
  order: z.number().exactOptional(),
  /** The boxes between which its arrow is drawn, where `from` and `to` are not boxes themselves. */
  drawn: z.strictObject({ from: words, to: words }).exactOptional(),
});

export type Channel = z.infer<typeof channelSchema>;

/** States a channel, in the file channel.ts of its folder. A UsageError where a field is missing or wrong. */
export function channel(stated: Channel): Channel {
  const { data, error } = channelSchema.safeParse(stated);
  if (data) return data;
  throw new UsageError(`The channel ${stated.id ?? "without an id"} is not stated right.`, {
    expected:
      "id, title (at most 24 characters), from, to and summary; port, order and drawn where they apply",
    found: error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"),
  });
}

/** Sorts channels into the order of reports. */
export function inReportOrder(channels: readonly Channel[]): Channel[] {
  const rank = ({ order = Number.MAX_VALUE }: Channel) => order;
  return channels.toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
}

/** A channel as a report shows it: one that the report does not describe has its id for a title, and no ends. */
export type KnownChannel = Pick<Channel, "id" | "title"> & Partial<Channel>;

/** The channel of that id. One that the report does not describe is shown under its id: no claim is left out. */
export function channelOf(channels: readonly Channel[] | undefined, id: string): KnownChannel {
  return channels?.find((known) => known.id === id) ?? { id, title: id };
}

/** Claims by channel, in the report's order, channels that it does not describe last. Channels without claims are left out. */
export function byChannel<Claim extends { channel: string }>(
  channels: readonly Channel[] | undefined,
  claims: readonly Claim[],
): { channel: KnownChannel; claims: Claim[] }[] {
  const ids = [
    ...new Set([...(channels ?? []), ...claims.map(({ channel }) => ({ id: channel }))].map(({ id }) => id)),
  ];
  return ids
    .map((id) => ({
      channel: channelOf(channels, id),
      claims: claims.filter((claim) => claim.channel === id),
    }))
    .filter((group) => group.claims.length > 0);
}

/** `API server → etcd, port 2379`; nothing for a channel that the report does not describe. */
export function pathOf({ from, to, port }: KnownChannel): string {
  if (from === undefined || to === undefined) return "";
  return `${from} → ${to}${port === undefined ? "" : `, port ${port}`}`;
}
