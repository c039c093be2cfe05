import type { ClaimResult, ControlResult, Problem, Report, Summary } from "./schema.ts";
import { summarise } from "./summary.ts";
import type { Verdict } from "./vocabulary.ts";

const PROVED: Verdict[] = ["holds", "outdated", "closed"];

/** What one claim may not say about itself. */
export function claimProblems(claim: ClaimResult): Problem[] {
  const { id, channel, verdict, expected, asExpected, reason, controls } = claim;
  const problem = (field: keyof ClaimResult, message: string): Problem => ({ path: [field], message });
  const ran = (kind: ControlResult["kind"]) => controls.some((control) => control.kind === kind);
  const proved = ran("positive") && ran("negative") && controls.every(({ ok }) => ok);
  const problems: (Problem | false)[] = [
    !id.startsWith(`${channel}/`) && problem("channel", `${id} is not a claim of the channel ${channel}`),
    PROVED.includes(verdict) &&
      !proved &&
      problem("verdict", `${verdict} needs a positive and a negative control, all of them ok`),
    verdict === "broken" &&
      controls.every(({ ok }) => ok) &&
      problem("verdict", "broken needs a control that is not ok"),
    asExpected !== (verdict === expected) &&
      problem("asExpected", `verdict ${verdict}, expected ${expected}: asExpected cannot be ${asExpected}`),
    verdict === "closed" && claim.limit === undefined && problem("verdict", "closed needs a limit"),
    verdict !== "holds" && reason === undefined && problem("reason", `${verdict} needs a reason`),
  ];
  const ofControls = controls.flatMap((control, index) =>
    controlProblems(control).map(({ path, message }) => ({ path: ["controls", index, ...path], message })),
  );
  return [...problems.filter((candidate) => candidate !== false), ...ofControls];
}

function controlProblems({ kind, expected, observed, ok }: ControlResult): Problem[] {
  const problems: Problem[] = [];
  const wanted = kind === "negative" ? "refused" : "accepted";
  if (expected.kind !== wanted) {
    problems.push({
      path: ["expected"],
      message: `${kind === "observation" ? "an observation" : `a ${kind} control`} expects ${wanted}, not ${expected.kind}`,
    });
  }
  if (ok && !agrees(expected, observed)) {
    problems.push({ path: ["ok"], message: "ok, but another outcome was observed than the one expected" });
  }
  return problems;
}

/** What can be compared after the fact; `shows` and `reason` were judged when the control ran. */
function agrees(expected: ControlResult["expected"], observed: ControlResult["observed"]): boolean {
  const found: Record<string, unknown> = observed;
  return (["kind", "layer", "alert", "status"] as const).every((field) => {
    const value = (expected as Record<string, unknown>)[field];
    return value === undefined || value === found[field];
  });
}

/** What a report may not say about its runs. */
export function reportProblems({ channels = [], runs, summary }: Report): Problem[] {
  const counted = summarise(runs);
  const miscounted = (Object.keys(counted) as (keyof Summary)[])
    .filter((field) => counted[field] !== (summary[field] ?? 0)) // an older report lacks some
    .map((field) => ({
      path: ["summary", field],
      message: `the runs say ${counted[field]}, the summary says ${summary[field]}`,
    }));
  const twice = runs.flatMap(({ claims }, run) =>
    claims.flatMap(({ id }, index) =>
      claims.findIndex((other) => other.id === id) === index
        ? []
        : [{ path: ["runs", run, "claims", index, "id"], message: `${id} is in this run twice` }],
    ),
  );
  const describedTwice = channels.flatMap(({ id }, index) =>
    channels.findIndex((other) => other.id === id) === index
      ? []
      : [{ path: ["channels", index, "id"], message: `${id} is described twice` }],
  );
  return [...miscounted, ...twice, ...describedTwice];
}
