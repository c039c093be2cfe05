import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../support/errors.ts";
import { byChannel, type Channel, channel, channelOf, inReportOrder, pathOf } from "./channel.ts";

const etcd: Channel = {
  id: "etcd-client",
  title: "etcd clients",
  from: "API server",
  to: "etcd",
  port: 2379,
  summary: "Only the API server reads and writes the store.",
};

describe("channel()", () => {
  test("gives back what it was told", () => {
    expect(channel({ ...etcd, order: 3, drawn: { from: "clients", to: "etcd" } })).toMatchObject(etcd);
  });

  test.each<[string, object]>([
    ["an id that no folder has", { id: "Etcd client" }],
    ["a title that is too long for its label", { title: "The clients of etcd, all of them" }],
    ["an empty end", { from: " " }],
    ["a port that does not exist", { port: 123_456 }],
    ["no summary", { summary: undefined }],
    ["a field of its own", { colour: "red" }],
  ])("refuses %s, and names the field", (_what, change) => {
    const state = () => channel({ ...etcd, ...change });
    expect(state).toThrow(UsageError);
    expect(state).toThrow(Object.keys(change)[0]);
  });
});

describe("channels of a report", () => {
  test("are in one order, however they were found", () => {
    const one = fc.record({
      id: fc.constantFrom(..."abcdefgh"),
      order: fc.option(fc.integer(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ id }) => id }), (some) => {
        const known = some.map(({ id, order }) => ({
          ...etcd,
          id,
          ...(order === undefined ? {} : { order }),
        }));
        const ids = inReportOrder(known).map(({ id }) => id);
        expect(inReportOrder(known.toReversed()).map(({ id }) => id)).toEqual(ids);
        const firstWithout = ids.findIndex((id) => known.find((one) => one.id === id)?.order === undefined);
        if (firstWithout >= 0) {
          const rest = ids.slice(firstWithout);
          expect(rest).toEqual(rest.toSorted());
        }
      }),
    );
  });

  test("that it does not describe are shown under their id, after the others: no claim is left out", () => {
    const claims = ["konnectivity", "etcd-client", "konnectivity"].map((channel) => ({ channel }));
    const groups = byChannel([etcd], claims).map(({ channel, claims }) => [channel.title, claims.length]);
    expect(groups).toEqual([
      ["etcd clients", 1],
      ["konnectivity", 2],
    ]);
    expect(byChannel(undefined, claims).map(({ channel }) => channel.title)).toEqual([
      "konnectivity",
      "etcd-client",
    ]);
    expect(pathOf(channelOf([etcd], "konnectivity"))).toBe("");
    expect(pathOf(etcd)).toBe("API server → etcd, port 2379");
  });
});
