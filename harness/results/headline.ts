import { channelOf } from "./channel.ts";
import { coverageInWords } from "./coverage.ts";
import type { ClaimResult, MutantResult, Report } from "./schema.ts";
import { type Status, statusOf, worstStatus } from "./status.ts";
import { counted, listed } from "./text.ts";

/** The report's answer, and the status that it is shown with. `${answer}: ${counts}.` is one sentence. */
export interface Headline {
  status: Status;
  answer: string;
  /** What the answer does not mention, in numbers; empty where there is no more to say. */
  counts: string;
}

/** The headline as one sentence. */
export function inOneSentence({ answer, counts }: Headline): string {
  return `${[answer, counts].filter(Boolean).join(": ")}.`;
}

/** The answer over all runs of a report. */
export function headline({
  channels,
  runs,
  mutants,
  coverage,
}: Pick<Report, "channels" | "runs" | "mutants" | "coverage">): Headline {
  // The runs of such a report are of sabotaged clusters: what is broken in them is what was wanted.
  if (mutants) return killed(mutants, coverage);
  const claims = runs.flatMap((run) => run.claims);
  const lost = new Set(runs.flatMap((run) => run.lost ?? []));
  if (lost.size > 0) {
    const answer = `${counted(lost.size, "claim")} gave no result`;
    return { status: "broken", answer, counts: listed([...lost]) };
  }
  const status = worstStatus(claims);
  if (status === undefined || status === "not-exercised" || status === "missing-environment") {
    return {
      status: "not-exercised",
      answer: "Nothing was exercised",
      counts: "no claim was tested",
    };
  }
  // A claim on eight clusters is one claim, not eight: it counts once, with its worst status.
  const statuses = [...Map.groupBy(claims, ({ id }) => id).values()].map(worstStatus);
  const count = (of: Status) => statuses.filter((status) => status === of).length;
  const clusters = runs.length > 1 ? ` on ${runs.length} clusters` : "";
  const titleOf = (id: string) => `“${channelOf(channels, id).title}”`;
  return { status, answer: answer({ claims, status, count, clusters, titleOf }), counts: rest(count) };
}

type Count = (of: Status) => number;

interface Question {
  claims: readonly ClaimResult[];
  status: Status;
  count: Count;
  /** ` on 2 clusters`, or nothing. */
  clusters: string;
  titleOf: (channel: string) => string;
}

function answer({ claims, status, count, clusters, titleOf }: Question): string {
  const within = (status: Status) => channelsAt(claims, status, titleOf);
  const exposures = counted(count("known-exposure"), "known exposure");
  const bad = [
    count("broken") > 0 && `${counted(count("broken"), "claim is", "claims are")} broken${within("broken")}`,
    count("inconclusive") > 0 &&
      `${counted(count("inconclusive"), "claim")} got no answer${within("inconclusive")}`,
    count("unexpected") > 0 &&
      `${counted(count("unexpected"), "claim is", "claims are")} not as expected${within("unexpected")}`,
    count("known-exposure") > 0 && exposures,
  ].filter((part) => part !== false);
  if (status !== "known-exposure" && bad.length > 0) return listed(bad);
  return `${locked(claims, titleOf)}${clusters}${bad.length > 0 ? `, except for ${exposures}` : ""}`;
}

function rest(count: Count): string {
  const [holds, outdated, closed] = [count("holds"), count("outdated"), count("closed")];
  const missing = count("missing-environment");
  const notExercised = count("not-exercised") + missing;
  const parts = [
    holds > 0 && counted(holds, "claim holds", "claims hold"),
    outdated > 0 && counted(outdated, "documented sentence is outdated", "documented sentences are outdated"),
    closed > 0 && counted(closed, "limit is closed", "limits are closed"),
    notExercised > 0 && `${notExercised} not exercised`,
    missing > 0 && `${missing} of them because the environment lacks something`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** In which channels claims have that status: all of up to three, or two and how many more. */
function channelsAt(claims: readonly ClaimResult[], status: Status, titleOf: Question["titleOf"]): string {
  const ids = new Set(claims.filter((claim) => statusOf(claim) === status).map(({ channel }) => channel));
  const titles = [...ids].map(titleOf);
  const more = `${titles.length - 2} more channels`;
  return ` in ${listed(titles.length > 3 ? [...titles.slice(0, 2), more] : titles)}`;
}

function locked(claims: readonly ClaimResult[], titleOf: Question["titleOf"]): string {
  const exercised = claims.filter(({ verdict }) => verdict !== "not-exercised");
  const ids = new Set(exercised.map(({ channel }) => channel));
  const [first = ""] = ids;
  return ids.size === 1
    ? `The channel ${titleOf(first)} is locked and works`
    : `All ${ids.size} channels are locked and work`;
}

function killed(mutants: readonly MutantResult[], coverage: Report["coverage"]): Headline {
  const survived = mutants.filter((mutant) => mutant.survived).length;
  const equivalent = mutants.filter((mutant) => mutant.equivalent).length;
  const counts = [
    equivalent > 0 && `${equivalent} proved to change nothing`,
    coverage && coverageInWords(coverage),
  ]
    .filter((part) => typeof part === "string")
    .join("; ");
  return survived > 0
    ? { status: "broken", answer: `${survived} of ${counted(mutants.length, "mutant")} survived`, counts }
    : {
        status: "holds",
        answer: `${counted(mutants.length - equivalent, "mutant")} killed, none survived`,
        counts,
      };
}
