import { ApiException } from "@kubernetes/client-node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { KubernetesVersion } from "../config/version.ts";
import { Lab } from "../lab/lab.ts";
import type { RunScope } from "../lab/run-scope.ts";
import type { Exchange, Outcome } from "../probe/outcome.ts";
import { touch } from "../support/touches.ts";
import { until } from "../support/until.ts";
import { limit, refused, works } from "./control.ts";
import type { Exposure } from "./exposure.ts";
import { runClaim } from "./run.ts";
import { type ClaimBody, type ClaimSpec, channelOf } from "./spec.ts";

const OK: Outcome = { kind: "accepted", status: 200, summary: "HTTP 200", data: "secret" };
const NO: Outcome = { kind: "refused", layer: "authentication", status: 401, reason: "Unauthorized" };
const FAILED: Outcome = { kind: "failed", reason: "no answer" };

const seeing = (outcome: Outcome) => async (): Promise<Exchange> => ({
  vantage: "node",
  from: "n",
  to: "10.0.0.1:1",
  as: "nobody",
  outcome,
});

/** A claim whose two controls see these outcomes. */
const claim =
  (positive: Outcome = OK, negative: Outcome = NO): ClaimBody =>
  async () => ({
    works: [works("the right one is let in", seeing(positive))],
    refused: [refused("the wrong one is not", seeing(negative), { layer: "authentication", reason: /^Un/ })],
  });

/** A lab on a cluster of a version, of which a claim needs no more. */
const labOn = (version: string) =>
  new Lab({
    cluster: { version: new KubernetesVersion(version), controlPlane: { name: "n" } },
  } as RunScope);

function run(body: ClaimBody, spec: Partial<ClaimSpec> = {}, exposure?: Exposure, lab = labOn("1.37.2")) {
  const documented = { source: "deck", section: "etcd" };
  return runClaim(
    "etcd-client/a",
    { says: "It is so.", documented, touches: "nothing", ...spec },
    body,
    lab,
    exposure,
  );
}

test("a claim that holds is reported with what was expected and seen, and without the data", async () => {
  const result = await run(claim());
  expect(result).toMatchObject({
    id: "etcd-client/a",
    channel: "etcd-client",
    verdict: "holds",
    asExpected: true,
  });
  expect(result.reason).toBeUndefined();
  expect(
    result.controls.map(({ kind, expected, observed, ok }) => ({ kind, expected, observed, ok })),
  ).toEqual([
    {
      kind: "positive",
      expected: { kind: "accepted" },
      observed: { kind: "accepted", status: 200, summary: "HTTP 200" },
      ok: true,
    },
    {
      kind: "negative",
      expected: { kind: "refused", layer: "authentication", reason: "^Un" },
      observed: NO,
      ok: true,
    },
  ]);
});

describe("the verdict and its reason", () => {
  test.each([
    ["a wrong one that is let in", OK, OK, "broken", "the wrong one is not: "],
    ["a right one that is refused", NO, NO, "broken", "the right one is let in: "],
    ["an environment that fails", OK, FAILED, "inconclusive", "the wrong one is not: "],
    ["a break beside a failure", FAILED, OK, "broken", "the wrong one is not: "],
  ])("%s", async (_what, positive, negative, verdict, control) => {
    expect(await run(claim(positive, negative))).toMatchObject({
      verdict,
      reason: expect.stringContaining(control),
      expected: "holds",
      asExpected: false,
    });
  });
});

describe("a claim that cannot be brought to its end is inconclusive", () => {
  const stumbles = () => Promise.reject(new Error("no namespace"));
  test.each<[string, ClaimBody, Partial<ClaimSpec>, string]>([
    ["its scene throws", stumbles, {}, "no namespace"],
    ["a precondition throws", claim(), { preconditions: [{ what: "etcd", met: stumbles }] }, "no namespace"],
    ["its range of versions is none", claim(), { versions: "1.29" }, '"1.29" is not a comparison'],
  ])("%s", async (_what, body, spec, reason) => {
    const result = await run(body, spec);
    expect(result).toMatchObject({ verdict: "inconclusive", asExpected: false });
    expect(result.reason).toContain(`the claim threw: ${reason}`);
  });

  test("a dial that throws is a failure of its control, and the others are still seen", async () => {
    const result = await run(async () => ({
      works: [works("dials", () => Promise.reject(new Error("no such pod")))],
      refused: [refused("is refused", seeing(NO), { layer: "authentication" })],
    }));
    expect(result).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/^dials: .*no such pod/),
    });
    expect(result.controls.map(({ ok }) => ok)).toEqual([false, true]);
  });
});

describe("what a claim changed is undone", () => {
  const notFound = new ApiException(404, "not found", "", {});
  const forbidden = { ...NO, status: 403, reason: "forbidden" } as const;

  test("once, the last registered first, also where the claim or another cleanup fails", async () => {
    const lab = labOn("1.37.2");
    const done: string[] = [];
    const undo = (name: string) => async () => {
      done.push(name);
      if (name === "second") throw notFound;
    };
    const body: ClaimBody = async (lab) => {
      for (const name of ["first", "second", "third"]) lab.cleanup(name, undo(name));
      throw new Error("after the scene was half set");
    };
    const result = await run(body, {}, undefined, lab);
    expect(result).toMatchObject({ verdict: "inconclusive" });
    expect(result.leftBehind).toBeUndefined();
    await lab.close();
    expect(done).toEqual(["third", "second", "first"]);
  });

  describe("or it is named, and its claim does not hold", () => {
    afterEach(() => vi.useRealTimers());

    test.each<[string, () => Promise<unknown>, string]>([
      ["an error", () => Promise.reject(new Error("no answer")), "no answer"],
      ["an exchange that was refused", seeing(forbidden), "forbidden"],
      ["no answer at all", () => new Promise(() => {}), "no answer"],
    ])("%s", async (_what, undo, reason) => {
      vi.useFakeTimers();
      const lab = labOn("1.37.2");
      const body: ClaimBody = async (lab) => {
        lab.cleanup("pod a/b", undo);
        return claim()(lab);
      };
      const running = run(body, { touches: "cluster" }, undefined, lab);
      await vi.advanceTimersByTimeAsync(60_000);
      const result = await running;
      expect(result).toMatchObject({
        verdict: "inconclusive",
        asExpected: false,
        leftBehind: [expect.stringMatching(`^pod a/b .*${reason}`)],
        reason: expect.stringContaining("left behind: pod a/b"),
      });
      expect(result.controls).toHaveLength(2);

      const next = await run(claim(), {}, undefined, lab);
      expect(next).toMatchObject({ verdict: "inconclusive", controls: [] });
      expect(next.reason).toContain("the cluster is used no further: etcd-client/a left behind: pod a/b");
    });

    test("objects of its own keep no other claim from running", async () => {
      vi.useFakeTimers();
      const scope = labOn("1.37.2").scope;
      const lab = new Lab(scope);
      lab.cleanup("pod a/b", () => Promise.reject(new Error("no answer")));
      const running = run(claim(), { touches: "own-objects" }, undefined, lab);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await running).toMatchObject({ verdict: "inconclusive" });
      expect(await run(claim(), {}, undefined, new Lab(scope))).toMatchObject({ verdict: "holds" });
    });
  });
});

describe("a claim whose time is up", () => {
  afterEach(() => vi.useRealTimers());

  test("has ended before the next one begins, and changes nothing any more", async () => {
    vi.useFakeTimers();
    const seen: string[] = [];
    const body: ClaimBody = async (lab) => {
      lab.cleanup("a rule", async () => seen.push("undone"));
      await new Promise((resolve) => setTimeout(resolve, 130_000));
      seen.push("ended");
      touch("node", "a rule");
      seen.push("changed");
      return claim()(lab);
    };
    const running = run(body);
    await vi.advanceTimersByTimeAsync(125_000);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await running).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("not done after 120 s"),
    });
    expect(seen).toEqual(["ended", "undone"]);
  });

  test("waits for nothing any more", async () => {
    vi.useFakeTimers();
    const body: ClaimBody = async (lab) => {
      await until("nothing that comes", async () => false, { timeoutMs: 1_000_000 });
      return claim()(lab);
    };
    const running = run(body);
    await vi.advanceTimersByTimeAsync(121_000);
    const result = await running;
    expect(result).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("not done after 120 s"),
    });
    expect(result.leftBehind).toBeUndefined();
  });

  test("ends the use of the cluster where it goes on, and what it does later is undone at once", async () => {
    vi.useFakeTimers();
    const lab = labOn("1.37.2");
    const seen: string[] = [];
    const body: ClaimBody = async (lab) => {
      await new Promise((resolve) => setTimeout(resolve, 300_000));
      lab.cleanup("pod a/b", async () => seen.push("undone"));
      return claim()(lab);
    };
    const running = run(body, {}, undefined, lab);
    await vi.advanceTimersByTimeAsync(170_000);
    expect(await running).toMatchObject({
      verdict: "inconclusive",
      leftBehind: ["its work, which goes on after its time was up"],
    });
    expect(await run(claim(), {}, undefined, new Lab(lab.scope))).toMatchObject({ verdict: "inconclusive" });
    await vi.advanceTimersByTimeAsync(150_000);
    expect(seen).toEqual(["undone"]);
  });
});

const never: ClaimBody = () => Promise.reject(new Error("it ran"));
const lacking = (what: string) => ({ what, met: () => false });

describe("what is not exercised is as expected, and says why, and what is missing", () => {
  test.each<[Partial<ClaimSpec>, string, string]>([
    [{ versions: ">=1.38" }, "speaks of Kubernetes >=1.38, and this is v1.37.2", "cluster"],
    [{ preconditions: [lacking("three etcd members")] }, "needs three etcd members", "cluster"],
    [{ preconditions: [{ ...lacking("tcpdump"), environment: true }] }, "needs tcpdump", "environment"],
    [{ preconditions: [{ ...lacking("a proxy"), expected: () => false }] }, "needs a proxy", "cluster"],
  ])("%o", async (spec, reason, missing) => {
    const result = await run(never, spec, open());
    expect(result).toMatchObject({
      verdict: "not-exercised",
      asExpected: true,
      reason,
      missing,
      controls: [],
    });
  });
});

test("a claim whose own subject is gone, though the cluster was booted with it, is broken", async () => {
  const preconditions = [{ ...lacking("kube-proxy as a DaemonSet"), expected: () => true }];
  expect(await run(never, { preconditions })).toMatchObject({
    verdict: "broken",
    asExpected: false,
    reason: expect.stringContaining("kube-proxy as a DaemonSet: accepted: none"),
    controls: [{ kind: "observation", ok: false }],
  });
});

describe("a claim that states a limit", () => {
  const weak = (outcome: Outcome) =>
    limit(works("the weak way works", seeing(outcome)), { layer: "authentication", status: 401 });
  const body =
    (...seen: Outcome[]): ClaimBody =>
    async (lab) => ({
      ...(await claim()(lab)),
      works: [works("the right one is let in", seeing(OK)), ...seen.map(weak)],
    });
  const spec = { limit: { closedBy: "an argument" } };

  test("holds as long as the weakness is there", async () => {
    const result = await run(body(OK), spec);
    expect(result).toMatchObject({ verdict: "holds", asExpected: true, limit: "an argument" });
    expect(result.reason).toBeUndefined();
  });

  test("is closed, as expected, where each control that shows it is refused", async () => {
    const result = await run(body(NO, NO), spec);
    expect(result).toMatchObject({ verdict: "closed", expected: "closed", asExpected: true });
    expect(result.reason).toContain("closes the limit: the weak way works: refused by authentication");
    expect(result.controls[1]).toMatchObject({ kind: "negative", expected: { status: 401 }, ok: true });
  });

  test("holds where it is closed in part, and says so", async () => {
    const reason = expect.stringContaining("closes the limit in part");
    expect(await run(body(OK, NO), spec)).toMatchObject({ verdict: "holds", asExpected: true, reason });
  });

  test("is broken where the weak way is refused by another layer than the one that closes it", async () => {
    const forbidden: Outcome = { kind: "refused", layer: "authorization", status: 403, reason: "no" };
    expect(await run(body(forbidden), spec)).toMatchObject({ verdict: "broken", asExpected: false });
  });

  test("may be shown by a refusal, and closed by an answer", async () => {
    const reversed: ClaimBody = async () => ({
      works: [works("the right one is let in", seeing(OK))],
      refused: [
        refused("a stranger is not", seeing(NO), { layer: "authentication" }),
        limit(refused("the narrow right is not enough", seeing(OK), { layer: "authentication" }), {
          status: 200,
        }),
      ],
    });
    expect(await run(reversed, spec)).toMatchObject({ verdict: "closed", asExpected: true });
  });
});

test("a documented sentence is outdated from its version on, as long as what replaced it holds", async () => {
  const outdated = { since: "1.32", now: "the file is gone" };
  const on = (version: string, body = claim()) => run(body, { outdated }, undefined, labOn(version));
  expect(await on("1.31.4")).toMatchObject({ verdict: "holds", expected: "holds" });
  expect(await on("1.32.0")).toMatchObject({
    verdict: "outdated",
    asExpected: true,
    reason: "the file is gone",
  });
  expect(await on("1.32.0", claim(NO))).toMatchObject({ verdict: "broken", asExpected: false });
});

function open(nodes = ["n"]): Exposure {
  return { reason: "kubeadm's default", controls: ["the wrong one is not"], nodes };
}

test("a known exposure is expected to be broken, and nothing else", async () => {
  const exposure = open();
  const broken = { verdict: "broken", expected: "broken", asExpected: true, reason: "kubeadm's default" };
  expect(await run(claim(OK, OK), {}, exposure)).toMatchObject(broken);
  expect(await run(claim(), {}, exposure)).toMatchObject({
    verdict: "holds",
    asExpected: false,
    reason: expect.stringContaining("closed here"),
  });
  expect(await run(claim(FAILED), {}, exposure)).toMatchObject({
    verdict: "inconclusive",
    asExpected: false,
  });
});

test("a known exposure excuses its own controls, and no other", async () => {
  expect(await run(claim(NO, OK), {}, open())).toMatchObject({
    verdict: "broken",
    expected: "holds",
    asExpected: false,
    reason: expect.stringMatching(/^the right one is let in: /),
  });
  expect(await run(claim(FAILED, OK), {}, open())).toMatchObject({ verdict: "broken", asExpected: false });
});

test("a known exposure excuses its control on the nodes on which it is open", async () => {
  const on = (node: string, outcome: Outcome) => ({
    ...refused("the wrong one is not", seeing(outcome), { layer: "authentication" }),
    name: `the wrong one is not, on ${node}`,
    instance: { of: "the wrong one is not", nodes: [node] },
  });
  const body: ClaimBody = async () => ({
    works: [works("the right one is let in", seeing(OK))],
    refused: [[on("a", OK), on("b", NO)]],
  });
  expect(await run(body, {}, open(["a"]))).toMatchObject({ verdict: "broken", asExpected: true });
  expect(await run(body, {}, open(["b"]))).toMatchObject({ verdict: "broken", asExpected: false });
});

test("a claim's id names its channel, and is nothing else", () => {
  expect(channelOf("etcd-client/cluster-ca-refused")).toBe("etcd-client");
  for (const id of ["etcd-client", "etcd-client/", "/a", "a/b/c", "A/b", "a b/c"]) {
    expect(() => channelOf(id)).toThrow("is no claim id");
  }
});
