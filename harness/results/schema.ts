import { z } from "zod";
import { channelSchema } from "./channel.ts";
import { claimProblems, reportProblems } from "./invariants.ts";
import { CONTROL_KINDS, LAYERS, MISSING, TOUCHES, VANTAGES, VERDICTS } from "./vocabulary.ts";

const verdict = z.enum(VERDICTS);
const layer = z.enum(LAYERS);
const alert = z.int().min(0).max(255).exactOptional();
const status = z.int().min(100).max(599).exactOptional();
const ms = z.number().nonnegative();
const words = z.string().min(1);

/** What a control was to see. `shows` and `reason` are words for the reader; they were judged when the control ran. */
const expected = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("accepted"), status, shows: words.exactOptional() }),
  z.strictObject({ kind: z.literal("refused"), layer, alert, status, reason: words.exactOptional() }),
]);

const observed = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("accepted"), status, summary: z.string() }),
  z.strictObject({ kind: z.literal("refused"), layer, alert, status, reason: z.string() }),
  z.strictObject({ kind: z.literal("failed"), reason: z.string() }),
]);

const control = z.strictObject({
  name: words,
  kind: z.enum(CONTROL_KINDS),
  /** Where it ran, of several instances of a component: its name without them, and the nodes that its name ends with. */
  instance: z.strictObject({ of: words, nodes: z.array(words).min(1) }).exactOptional(),
  /** Why no config can make it fail, only another version. */
  invariant: words.exactOptional(),
  /** The change of scene after which it ran: "after the binding was deleted". */
  after: words.exactOptional(),
  vantage: z.enum(VANTAGES),
  from: z.string(),
  to: z.string(),
  as: z.string(),
  expected,
  observed,
  ok: z.boolean(),
  ms,
});

const documented = z.strictObject({
  source: words,
  section: words,
  url: z.url({ protocol: /^https?$/ }).exactOptional(),
});

const claim = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "a claim id is channel/slug"),
    channel: words,
    says: words,
    documented,
    verdict,
    expected: verdict,
    asExpected: z.boolean(),
    reason: words.exactOptional(),
    touches: z.enum(TOUCHES).exactOptional(),
    /** What it changed on the cluster and could not undo, each with the reason. */
    leftBehind: z.array(words).exactOptional(),
    /** It states a limit of the design: what closes it. */
    limit: words.exactOptional(),
    /** Where it was not exercised: what is missing. */
    missing: z.enum(MISSING).exactOptional(),
    ms,
    controls: z.array(control),
  })
  .superRefine((value, context) => report(claimProblems(value), context));

const step = z.strictObject({ name: z.string(), ms });

const run = z.strictObject({
  cluster: words,
  config: words,
  kubernetes: z.string().regex(/^v\d+\.\d+\.\d+/, "a Kubernetes version such as v1.37.2"),
  provider: z.enum(["kind", "namespaces"]),
  nodes: z.array(z.strictObject({ name: words, role: words, kubelet: words.optional() })),
  boot: z.strictObject({ ms, steps: z.array(step) }),
  patches: z.array(
    z.strictObject({
      path: words,
      /** Where in the config: `my.yaml:12`. */
      where: words.exactOptional(),
      asked: z.string(),
      found: z.string(),
      /** Whether it was seen in force. */
      landed: z.boolean(),
      state: z.enum(["landed", "not-provable", "contradicted"]).exactOptional(),
      /** Why it cannot be seen in force. */
      why: words.exactOptional(),
    }),
  ),
  claims: z.array(claim),
  /** The claims that were to run and gave no result. */
  lost: z.array(words).exactOptional(),
});

const mutant = z.strictObject({
  id: words,
  kind: z.enum(["live", "boot"]),
  breaks: z.array(z.string()),
  killedBy: z.array(z.string()),
  /** The negative controls of those claims that turned red. */
  kills: z.array(z.strictObject({ claim: words, control: words })).exactOptional(),
  /** Which of `breaks` held before it. */
  before: z.array(z.string()).exactOptional(),
  /** Which of `breaks` held again once it was undone; a boot mutant's cluster is destroyed instead. */
  after: z.array(z.string()).exactOptional(),
  survived: z.boolean(),
  equivalent: z.boolean(),
  collateral: z.array(z.string()),
  ms,
});

/** A negative control, and what has shown that it can fail: mutants. No mutant can where it is invariant. */
const coverage = z.strictObject({
  claim: words,
  control: words,
  killedBy: z.array(words),
  invariant: words.exactOptional(),
});

const count = z.int().nonnegative();

/** Every claim of every run is counted once; `broken` are those that were not expected to be. */
const summary = z.strictObject({
  holds: count,
  broken: count,
  knownExposure: count,
  outdated: count,
  closed: count.exactOptional(),
  notExercised: count,
  /** Of those not exercised, how many for want of something in the environment. */
  missingEnvironment: count.exactOptional(),
  inconclusive: count,
  controls: count,
  invariantControls: count.exactOptional(),
  asExpected: z.boolean(),
});

/** `report.json`. Strict, since other tools rely on it: a name that is not here is an error, and so is a report that contradicts itself. */
export const reportSchema = z
  .strictObject({
    schema: z.literal(1),
    tool: z.strictObject({ name: words, version: words }),
    startedAt: z.iso.datetime({ offset: true }),
    durationMs: ms,
    /** All channels that were known, in the order of reports. An older report has none: then an id is a channel's title. */
    channels: z.array(channelSchema).exactOptional(),
    runs: z.array(run),
    mutants: z.array(mutant).exactOptional(),
    /** The negative controls of the claims that the mutants are about. */
    coverage: z.array(coverage).exactOptional(),
    summary,
  })
  .superRefine((value, context) => report(reportProblems(value), context));

export type Report = z.infer<typeof reportSchema>;
export type Summary = z.infer<typeof summary>;
export type Run = z.infer<typeof run>;
export type ClaimResult = z.infer<typeof claim>;
export type ControlResult = z.infer<typeof control>;
export type Expected = z.infer<typeof expected>;
export type Observed = z.infer<typeof observed>;
export type Documented = z.infer<typeof documented>;
export type ControlCoverage = z.infer<typeof coverage>;
export type MutantResult = z.infer<typeof mutant>;

function report(problems: Problem[], context: z.RefinementCtx): void {
  for (const { path, message } of problems) context.addIssue({ code: "custom", path, message });
}

/** Something that a report may not say, and where it says so. */
export interface Problem {
  path: (string | number)[];
  message: string;
}
