import { describe, expect, test } from "vitest";
import { alarming, calm, sabotaged } from "./sample.test-data.ts";
import { type ClaimResult, type Report, reportSchema } from "./schema.ts";
import { summarise } from "./summary.ts";

const HOLDS = "etcd-client/cluster-ca-refused";

/** What the schema says of a report in which one claim was changed; the summary is counted anew. */
function problems(change: (claim: ClaimResult) => void, id = HOLDS): string[] {
  return problemsOf((report) => {
    const claim = report.runs[0]?.claims.find((candidate) => candidate.id === id);
    if (claim) change(claim);
    report.summary = summarise(report.runs);
  });
}

function problemsOf(change: (report: Report) => void): string[] {
  const report = structuredClone(calm);
  change(report);
  const { error } = reportSchema.safeParse(report);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

test.each([
  ["calm", calm],
  ["alarming", alarming],
  ["sabotaged", sabotaged],
])("the %s sample is a report, also after a round through JSON", (_name, report) => {
  expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

describe("a claim", () => {
  test.each(["positive", "negative"])("cannot hold without a %s control", (kind) => {
    const found = problems((claim) => {
      claim.controls = claim.controls.filter((control) => control.kind !== kind);
    });
    expect(found).toEqual([
      expect.stringContaining("holds needs a positive and a negative control, all of them ok"),
    ]);
  });

  test("cannot hold with a control that is not ok", () => {
    const found = problems((claim) => {
      for (const control of claim.controls) control.ok = false;
    });
    expect(found).toHaveLength(1);
  });

  test("cannot be outdated without proof of what replaced it", () => {
    const found = problems((claim) => {
      claim.controls = [];
    }, "sa-issuance/no-secret-made");
    expect(found).toEqual([expect.stringContaining("outdated needs a positive and a negative control")]);
  });

  test("cannot be broken when every control was ok", () => {
    const found = problems((claim) => {
      claim.verdict = claim.expected = "broken";
      claim.reason = "for no reason";
    });
    expect(found).toEqual([expect.stringContaining("broken needs a control that is not ok")]);
  });

  test("is as expected when, and only when, its verdict is the expected one", () => {
    const found = problems((claim) => {
      claim.asExpected = false;
    });
    expect(found).toEqual([expect.stringContaining("asExpected cannot be false")]);
  });

  test("belongs to the channel that its id names", () => {
    expect(problems((claim) => void Object.assign(claim, { channel: "etcd-peer" }))).toEqual([
      expect.stringContaining("not a claim of the channel"),
    ]);
  });

  test("says why, unless it holds", () => {
    const found = problems((claim) => void delete claim.reason, "etcd-peer/write-is-replicated");
    expect(found).toEqual([expect.stringContaining("not-exercised needs a reason")]);
  });

  test("is in a run once", () => {
    const found = problemsOf((report) => {
      report.runs[0]?.claims.push(...(report.runs[0].claims.slice(0, 1) ?? []));
      report.summary = summarise(report.runs);
    });
    expect(found).toEqual([expect.stringContaining("is in this run twice")]);
  });
});

describe("a control", () => {
  test("is not ok where another layer refused", () => {
    const found = problems((claim) => {
      const observed = claim.controls[1]?.observed;
      if (observed?.kind === "refused") observed.layer = "authorization";
    });
    expect(found).toEqual([expect.stringContaining("another outcome was observed")]);
  });

  test("that observes counts as neither positive nor negative", () => {
    for (const kind of ["positive", "negative"] as const) {
      const found = problems((claim) => {
        for (const control of claim.controls) {
          if (control.kind !== kind) continue;
          control.kind = "observation";
          control.expected = { kind: "accepted" };
          control.observed = { kind: "accepted", summary: "seen" };
        }
      });
      expect(found).toEqual([expect.stringContaining("holds needs a positive and a negative control")]);
    }
  });

  test("that observes can break a claim, and keep it from holding", () => {
    const id = "kubelet-authz/asks-the-api-server";
    const unseen = (claim: ClaimResult) => {
      for (const control of claim.controls) if (control.kind === "observation") control.ok = false;
    };
    expect(problems(unseen, id)).toEqual([expect.stringContaining("all of them ok")]);
    const broken = (claim: ClaimResult) => {
      unseen(claim);
      Object.assign(claim, {
        verdict: "broken",
        asExpected: false,
        reason: "the configuration is another one",
      });
    };
    expect(problems(broken, id)).toEqual([]);
  });

  test("that observes expects to be accepted", () => {
    const found = problems((claim) => {
      for (const control of claim.controls) control.kind = "observation";
    });
    expect(found).toContainEqual(expect.stringContaining("an observation expects accepted, not refused"));
  });

  test("that is positive expects to be accepted", () => {
    const found = problems((claim) => {
      for (const control of claim.controls) control.kind = "positive";
    });
    expect(found).toContainEqual(expect.stringContaining("a positive control expects accepted, not refused"));
  });
});

describe("a report", () => {
  test("has a summary that agrees with its runs", () => {
    expect(problemsOf((report) => void report.summary.holds++)).toEqual([
      "summary.holds: the runs say 15, the summary says 16",
    ]);
  });

  test("holds nothing that the contract does not name", () => {
    expect(problemsOf((report) => void Object.assign(report, { token: "x" }))).toHaveLength(1);
    expect(
      problems((claim) => void Object.assign(claim.controls[0]?.observed ?? {}, { data: "x" })),
    ).toHaveLength(1);
  });

  test("describes a channel once", () => {
    const found = problemsOf((report) => void report.channels?.push(...(report.channels.slice(0, 1) ?? [])));
    expect(found).toEqual([expect.stringContaining("general is described twice")]);
  });

  test("may come from before channels were described in it", () => {
    expect(problemsOf((report) => void delete report.channels)).toEqual([]);
  });

  test("links to the web only", () => {
    const script = "javascript:alert(1)";
    expect(problems((claim) => void Object.assign(claim.documented, { url: script }))).toHaveLength(1);
  });
});
